/**
 * Waiting that ends when a signal aborts.
 *
 * @module
 */

import { dispose } from "./disposal.ts";

/** A call that ends, with the signal's reason, when the signal aborts. */
export interface Abortable {
  readonly signal?: AbortSignal | undefined;
}

/** Wait for a promise, but no longer than until `signal` aborts; then fail with its reason. */
export async function orAborted<T>(promise: Promise<T>, { signal }: Abortable): Promise<T> {
  if (signal === undefined) return promise;
  // Whoever aborts does not care how the promise ends.
  promise.catch(() => undefined);
  signal.throwIfAborted();
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
}

/** A controller that also aborts when `signal` does, until it is disposed. */
export interface LinkedController extends Disposable {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}

/** Make a controller that aborts with `signal`, and by itself. */
export function linked({ signal }: Abortable): LinkedController {
  const controller = new AbortController();
  const stop = (): void => controller.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener("abort", stop, { once: true });
  return {
    signal: controller.signal,
    abort: (reason) => controller.abort(reason),
    [dispose]: () => signal?.removeEventListener("abort", stop),
  };
}
