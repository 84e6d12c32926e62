/**
 * A store that is measured.
 *
 * @module
 */

import type { Clock } from "../engine.ts";
import type { FailureCode } from "../errors.ts";
import { isTransferError } from "../errors.ts";
import type { Store } from "../store.ts";
import type { CallKind } from "./wrap-store.ts";
import { wrapStore } from "./wrap-store.ts";

/** One call that has ended. */
export interface Measured {
  readonly call: CallKind | "put" | "putFile";
  readonly ms: number;
  /** Bytes of the body, for calls that carry one. */
  readonly bytes?: number | undefined;
  /** Why it failed, if it did. */
  readonly failure?: FailureCode | "aborted" | undefined;
}

export interface MeterStoreOptions {
  readonly clock: Clock;
  readonly onCall: (measured: Measured) => void;
}

/** Tell of every call of a store: what it was, how long it took, how many bytes it carried. */
export function meterStore(store: Store, { clock, onCall }: MeterStoreOptions): Store {
  async function measure<T>(call: Measured["call"], bytes: number | undefined, make: () => Promise<T>): Promise<T> {
    const from = clock.now();
    try {
      const result = await make();
      onCall({ call, ms: clock.now() - from, bytes });
      return result;
    } catch (error) {
      onCall({ call, ms: clock.now() - from, bytes, failure: isTransferError(error) ? error.code : "aborted" });
      throw error;
    }
  }
  return wrapStore(store, {
    call: (kind, make) => measure(kind, undefined, make),
    upload: (inner) => ({
      put: (part, body, options) => measure("put", part.size, () => inner.put(part, body, options)),
    }),
    putFile: (inner) => {
      const putFile = inner.putFile?.bind(inner);
      return putFile && ((spec, body, options) => measure("putFile", body.size, () => putFile(spec, body, options)));
    },
  });
}
