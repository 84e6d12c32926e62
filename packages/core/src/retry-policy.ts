/**
 * How a call that fails is made again: data, so that the policies of all loops can be read side by side
 * (docs/decisions/018-core-contract.md).
 *
 * @module
 */

import type { FailureCode, TransferError } from "./errors.ts";

/** How often a failed call is made again, and after how long. Waits are milliseconds. */
export interface RetryPolicy {
  /**
   * How often a call is made again: after any failure that the same call may get over, or by the failure's code; what a
   * table leaves out is thrown at once.
   */
  readonly retries: number | Readonly<Partial<Record<FailureCode, number>>>;
  /** The first wait; each further one is twice as long, up to `longestMs`. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** The share of a wait that is left to chance: 1 is all of it, 0 nothing. */
  readonly jitter: number;
}

/** For what a person started and only that person ends. */
export const patientPolicy: RetryPolicy = {
  retries: Number.POSITIVE_INFINITY,
  firstMs: 500,
  longestMs: 30_000,
  jitter: 1,
};

/** For parts. A body that is refused so often is not damaged on its way: it is damaged where it is read, or changes. */
export const partsPolicy: RetryPolicy = {
  ...patientPolicy,
  retries: {
    throttled: Number.POSITIVE_INFINITY,
    unavailable: Number.POSITIVE_INFINITY,
    unreachable: Number.POSITIVE_INFINITY,
    expired: Number.POSITIVE_INFINITY,
    "short-body": Number.POSITIVE_INFINITY,
    internal: Number.POSITIVE_INFINITY,
    "checksum-mismatch": 4,
  },
};

/** For small files, many in a request. */
export const batchPolicy: RetryPolicy = { retries: 8, firstMs: 500, longestMs: 10_000, jitter: 1 };

/** Tell whether a policy makes a call again after a failure; `before` is how often it did after failures of the same code. */
export function mayRetry({ retries }: RetryPolicy, { code, retryable }: TransferError, before: number): boolean {
  return retryable && before < (typeof retries === "number" ? retries : (retries[code] ?? 0));
}
