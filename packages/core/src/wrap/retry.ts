/**
 * A store that tries again.
 *
 * @module
 */

import { Backoff } from "../backoff.ts";
import type { Clock } from "../engine.ts";
import { isTransferError } from "../errors.ts";
import type { Abortable, Store } from "../store.ts";
import { wrapStore } from "./wrap-store.ts";

export interface RetryStoreOptions {
  readonly clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  readonly random: () => number;
  /** Tries in all. */
  readonly tries?: number | undefined;
}

/** Make every call of a store again, with backoff, while its failure says that this may help; for callers without an engine. */
export function retryStore(store: Store, { clock, random, tries = 5 }: RetryStoreOptions): Store {
  async function again<T>(make: () => Promise<T>, { signal }: Abortable): Promise<T> {
    const backoff = new Backoff(random);
    for (let left = tries - 1; ; left--) {
      try {
        return await make();
      } catch (error) {
        signal?.throwIfAborted();
        if (left <= 0 || !isTransferError(error) || !error.retryable) throw error;
        await clock.sleep(backoff.next(0, error.retryAfterMs), { signal });
      }
    }
  }
  return wrapStore(store, {
    call: (_, make, options) => again(make, options),
    upload: (inner) => ({ put: (part, body, options = {}) => again(() => inner.put(part, body, options), options) }),
  });
}
