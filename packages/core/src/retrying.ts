/**
 * Making a call again until it succeeds or cannot.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import { Backoff } from "./backoff.ts";
import { isTransferError, TransferError } from "./errors.ts";
import type { Abortable } from "./store.ts";

export interface RetryingOptions extends Required<Abortable> {
  /** Waits before the next try; may end earlier when there is reason to hope. */
  readonly nap: (ms: number, options: Abortable) => Promise<void>;
  readonly random: () => number;
  /** Told of every failure that is waited out, and when the wait is over. */
  readonly onWait?: ((error: TransferError | undefined) => void) | undefined;
}

/** Call again, with backoff, as long as the failure says that it may help; what has expired is asked for again at once, once. */
export async function retrying<T>(
  call: (options: Abortable) => Promise<T>,
  { signal, nap, random, onWait }: RetryingOptions,
): Promise<T> {
  const backoff = new Backoff(random);
  let renewed = false;
  for (;;) {
    try {
      return await orAborted(call({ signal }), { signal });
    } catch (reason) {
      signal?.throwIfAborted();
      const error = asTransferError(reason);
      if (!mayRetry(error, reason)) throw error;
      if (error.code === "expired" && !renewed) {
        renewed = true;
        continue;
      }
      onWait?.(error);
      await nap(backoff.next(0, error.retryAfterMs), { signal });
      onWait?.(undefined);
    }
  }
}

/** Tell whether a failure is worth another try. A foreign error is a fault of the program, which no try mends. */
export function mayRetry(error: TransferError, reason: unknown): boolean {
  return isTransferError(reason) && error.retryable;
}

/** Make a TransferError of what was thrown; a file that cannot be read any more has changed. */
export function asTransferError(reason: unknown): TransferError {
  if (isTransferError(reason)) return reason;
  const name = reason instanceof Error ? reason.name : "";
  if (name === "NotReadableError" || name === "NotFoundError") {
    return new TransferError("file-changed", "Cannot read the file: it has changed or is gone", { cause: reason });
  }
  const said = reason instanceof Error ? reason.message : String(reason);
  return new TransferError("internal", `Cannot continue the transfer: ${said}`, { cause: reason });
}
