/**
 * Stores around stores: everything passes through but what is said otherwise.
 *
 * @module
 */

import type { Abortable, Store, Upload } from "../store.ts";

/** What a wrapper does to the calls of a store. */
export interface Wrapping {
  /** Stands around every call that carries no body. */
  readonly call?: (<T>(kind: CallKind, make: () => Promise<T>, options: Abortable) => Promise<T>) | undefined;
  /** Replaces methods of an upload. */
  readonly upload?: ((inner: Upload) => Partial<Upload>) | undefined;
  readonly putFile?: ((inner: Store) => Store["putFile"]) | undefined;
}

/** A call that carries no body. */
export type CallKind = "create" | "resume" | "receipts" | "presign" | "copy" | "complete" | "abort";

/** Put a wrapping around a store. */
export function wrapStore(store: Store, wrapping: Wrapping): Store {
  const around: NonNullable<Wrapping["call"]> = wrapping.call ?? ((_, make) => make());
  const putFile = store.putFile === undefined ? undefined : (wrapping.putFile?.(store) ?? store.putFile.bind(store));
  const wrapUpload = (inner: Upload): Upload => {
    const presign = inner.presign?.bind(inner);
    const prepare = inner.prepare?.bind(inner);
    const copyPart = inner.copyPart?.bind(inner);
    return {
      id: inner.id,
      spec: inner.spec,
      maxInFlight: inner.maxInFlight,
      receipts: (options = {}) => around("receipts", () => inner.receipts(options), options),
      put: (part, body, options) => inner.put(part, body, options),
      complete: (options = {}) => around("complete", () => inner.complete(options), options),
      abort: (options = {}) => around("abort", () => inner.abort(options), options),
      ...(prepare && { prepare }),
      ...(presign && {
        presign: (parts, options = {}) => around("presign", () => presign(parts, options), options),
      }),
      ...(copyPart && {
        copyPart: (part, from, options = {}) => around("copy", () => copyPart(part, from, options), options),
      }),
      ...wrapping.upload?.(inner),
    };
  };
  const space = store.space?.bind(store);
  return {
    direct: store.direct,
    limitsFor: (path) => store.limitsFor(path),
    ...(space && { space }),
    create: async (spec, options = {}) =>
      wrapUpload(await around("create", () => store.create(spec, options), options)),
    resume: async (id, options = {}) => wrapUpload(await around("resume", () => store.resume(id, options), options)),
    ...(putFile && { putFile }),
  };
}
