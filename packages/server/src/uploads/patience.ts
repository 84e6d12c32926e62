import type { FailureCode } from "@naru/core";

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
export function isWorthWaiting({ code }: { readonly code: FailureCode }, waited: number): boolean {
  return waited < (waits[code] ?? 0);
}
