/**
 * Stores around stores: everything passes through but what is said otherwise.
 *
 * @module
 */

import type { Store, Upload } from "../store.ts";

/** What a wrapper does to the calls of a store. */
export interface Wrapping {
  /** Replaces methods of an upload, new or resumed. */
  readonly upload: (inner: Upload) => Partial<Upload>;
  readonly putFile?: ((inner: Store) => Store["putFile"]) | undefined;
}

/** Put a wrapping around a store. */
export function wrapStore(store: Store, wrapping: Wrapping): Store {
  const putFile = store.putFile === undefined ? undefined : (wrapping.putFile?.(store) ?? store.putFile.bind(store));
  const space = store.space?.bind(store);
  const ownUploads = store.ownUploads?.bind(store);
  const unfinished = store.unfinished?.bind(store);
  const wrapped = (inner: Upload): Upload => ({ ...passing(inner), ...wrapping.upload(inner) });
  return {
    direct: store.direct,
    limitsFor: (path) => store.limitsFor(path),
    create: async (spec, options) => wrapped(await store.create(spec, options)),
    resume: async (id, options) => wrapped(await store.resume(id, options)),
    ...(space && { space }),
    ...(ownUploads && { ownUploads }),
    ...(unfinished && { unfinished }),
    ...(putFile && { putFile }),
  };
}

/** An upload whose calls all reach another; what that one cannot do, it cannot either. */
function passing(inner: Upload): Upload {
  const prepare = inner.prepare?.bind(inner);
  const presign = inner.presign?.bind(inner);
  const copyPart = inner.copyPart?.bind(inner);
  const readPart = inner.readPart?.bind(inner);
  return {
    id: inner.id,
    spec: inner.spec,
    maxInFlight: inner.maxInFlight,
    mayOverlap: inner.mayOverlap,
    hashesItself: inner.hashesItself,
    receipts: (options) => inner.receipts(options),
    put: (part, body, options) => inner.put(part, body, options),
    complete: (options) => inner.complete(options),
    abort: (options) => inner.abort(options),
    ...(prepare && { prepare }),
    ...(presign && { presign }),
    ...(copyPart && { copyPart }),
    ...(readPart && { readPart }),
  };
}
