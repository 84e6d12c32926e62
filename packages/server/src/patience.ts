import { type Abortable, type RetryPolicy, retrying, type TransferError } from "@naru/core";

/**
 * A store that is away comes back, however long that takes; keys and clocks that it does not accept are mended by people,
 * and are asked for anew before any wait.
 */
const storePolicy: RetryPolicy = {
  retries: {
    throttled: Number.POSITIVE_INFINITY,
    unavailable: Number.POSITIVE_INFINITY,
    unreachable: Number.POSITIVE_INFINITY,
    "short-body": 5,
    "checksum-mismatch": 5,
    internal: 5,
  },
  firstMs: 500,
  longestMs: 30_000,
  jitter: 1,
};

export interface PatientOptions {
  readonly signal?: AbortSignal | undefined;
  readonly sleep: (ms: number, options: Abortable) => Promise<void>;
  /** Hears before every wait how long was waited in all, this time included; throws to give up. */
  readonly onWait: (error: TransferError, waitedMs: number) => void;
}

/** Call again for as long as waiting may help; what it cannot mend is thrown at once. */
export function callPatiently<T>(
  call: (options: Abortable) => Promise<T>,
  { signal, sleep, onWait }: PatientOptions,
): Promise<T> {
  let waitedMs = 0;
  return retrying(call, storePolicy, {
    signal,
    random: Math.random,
    wait: async (ms, error, options) => {
      waitedMs += ms;
      onWait(error, waitedMs);
      await sleep(ms, options);
    },
  });
}
