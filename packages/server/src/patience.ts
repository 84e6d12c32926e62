import { type Abortable, type FailureCode, retrying, type TransferError } from "@naru/core";

/**
 * How often waiting for a store is worth it, by why a call failed; 0 is not once. A store that is away comes back, however
 * long that takes; keys and clocks that it does not accept are mended by people, and are asked for anew before any wait.
 */
const waits: Partial<Readonly<Record<FailureCode, number>>> = {
  throttled: Number.POSITIVE_INFINITY,
  unavailable: Number.POSITIVE_INFINITY,
  unreachable: Number.POSITIVE_INFINITY,
  "short-body": 5,
  "checksum-mismatch": 5,
  internal: 5,
};

/** Tell whether waiting may help after a failure that `waited` waits did not mend. */
function isWorthWaiting({ code }: { readonly code: FailureCode }, waited: number): boolean {
  return waited < (waits[code] ?? 0);
}

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
  let waits = 0;
  let last: TransferError | undefined;
  return retrying(call, {
    signal,
    random: Math.random,
    onWait: (error) => {
      last = error ?? last;
    },
    nap: async (ms, options) => {
      waitedMs += ms;
      if (last) {
        if (!isWorthWaiting(last, waits)) throw last;
        onWait(last, waitedMs);
      }
      waits += 1;
      await sleep(ms, options);
    },
  });
}
