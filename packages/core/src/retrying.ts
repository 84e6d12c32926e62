/**
 * Making a call again until it succeeds or cannot: the one loop of that kind. What differs between callers is their policy,
 * and what they do while they wait.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import { Backoff } from "./backoff.ts";
import type { FailureCode } from "./errors.ts";
import { isTransferError, TransferError } from "./errors.ts";
import { mayRetry, type RetryPolicy } from "./retry-policy.ts";
import type { Abortable } from "./store.ts";

/** What one caller of `retrying` does around the calls. */
export interface RetryingOptions extends Abortable {
  /** Numbers in [0, 1), for jitter. */
  readonly random: () => number;
  /** Waits before the next try. It may end earlier when there is reason to hope, or throw to give up. */
  readonly wait: (ms: number, error: TransferError, options: Abortable) => Promise<void>;
  /** Any number that changes when something went well: waits are short again then. */
  readonly progress?: (() => number) | undefined;
  /** Tells that a failure is no fault of the far side, and the call is to be made again at once. */
  readonly atOnce?: ((reason: unknown) => boolean) | undefined;
}

/**
 * Call again, with backoff, as long as the policy allows; what has expired is asked for again at once, once. A number of
 * retries counts failures of all codes, a table those of each.
 *
 * @throws {TransferError} what no further try mends; a foreign error is a fault of the program and is not tried again
 */
export async function retrying<T>(
  call: (options: Abortable) => Promise<T>,
  policy: RetryPolicy,
  { signal, random, wait, progress = () => 0, atOnce = () => false }: RetryingOptions,
): Promise<T> {
  const backoff = new Backoff(policy, random);
  const failures = new FailureCounts(policy);
  let renewed = false;
  for (;;) {
    try {
      return await orAborted(call({ signal }), { signal });
    } catch (reason) {
      signal?.throwIfAborted();
      if (atOnce(reason)) continue;
      const error = asTransferError(reason);
      if (!isTransferError(reason)) throw error;
      if (error.code === "expired" && !renewed) {
        renewed = true;
        continue;
      }
      if (!mayRetry(policy, error, failures.count(error.code))) throw error;
      await wait(backoff.next(progress(), error.retryAfterMs), error, { signal });
    }
  }
}

/** How often each failure came, or any of them, as the policy wants to know. */
class FailureCounts {
  readonly #together: boolean;
  readonly #counts = new Map<FailureCode | "any", number>();

  constructor({ retries }: RetryPolicy) {
    this.#together = typeof retries === "number";
  }

  /** Count a failure; tell how many there were before. */
  count(code: FailureCode): number {
    const key = this.#together ? "any" : code;
    const before = this.#counts.get(key) ?? 0;
    this.#counts.set(key, before + 1);
    return before;
  }
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
