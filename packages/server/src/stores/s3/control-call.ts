import { setTimeout as sleep } from "node:timers/promises";
import { type Abortable, type RetryPolicy, retrying } from "@naru/core";
import { failed } from "./s3-error.ts";
import type { StoreClock } from "./store-clock.ts";

/** For a store that is busy for a moment, or one lost connection; the caller has patience of its own. */
const controlPolicy: RetryPolicy = { retries: 2, firstMs: 100, longestMs: 1000, jitter: 1 };
const quickMs = 15_000;
/** Completing and copying large files takes minutes. */
export const slowMs: number = 900_000;

export interface SendOptions {
  readonly abortSignal?: AbortSignal;
}

export interface ControlCallOptions extends Abortable {
  /** How long all tries together may take. */
  readonly patienceMs?: number | undefined;
}

/** One call of the client library, with what it does in words. */
export interface ControlCall<T> {
  readonly doing: string;
  readonly send: (options: SendOptions) => Promise<T>;
}

/** Make a call of a bucket. Every failure is a TransferError, unless the signal aborts: then it is the signal's reason. */
export async function controlCall<T>(
  clock: StoreClock,
  { doing, send }: ControlCall<T>,
  { signal, patienceMs = quickMs }: ControlCallOptions,
): Promise<T> {
  signal?.throwIfAborted();
  // After a cut, connections may be dead without anybody knowing: what is quick by nature must not wait for them.
  const abortSignal = AbortSignal.any([AbortSignal.timeout(patienceMs), ...(signal ? [signal] : [])]);
  const call = async (): Promise<T> => {
    try {
      return await send({ abortSignal });
    } catch (cause) {
      throw failed(doing, cause, signal);
    }
  };
  const wait = (ms: number): Promise<void> => sleep(ms, undefined, { signal: abortSignal });
  const options = { signal: abortSignal, random: Math.random, wait };
  try {
    return await retrying(() => clock.again(call), controlPolicy, options);
  } catch (cause) {
    throw failed(doing, cause, signal);
  }
}
