/**
 * What the proxy and the direct route share: an upload at our server, held under a lease. They differ only in how the
 * bytes of a part travel.
 *
 * @module
 */

import {
  type Abortable,
  type Body,
  type CompleteOptions,
  type ConflictPolicy,
  defaultConflict,
  GiB,
  type Limits,
  type Part,
  type PartDigest,
  type PutOptions,
  type Receipt,
  type Store,
  type StoredFile,
  TiB,
  TransferError,
  toReceipt,
  toStoredFile,
  type Upload,
  type UploadSpec,
  type WireUpload,
} from "@naru/core";
import type { NaruApi } from "./api.ts";

/** What is known of the server's store. */
export interface RemoteStoreOptions {
  /** What the server's store can bear, from `WireSession.store.limits`; each upload's part size is the server's word anyway. */
  readonly limits?: Limits | undefined;
  /** What to do when the path is taken. */
  readonly conflict?: ConflictPolicy | undefined;
}

/** The control calls of uploads at our server, over whatever wire. */
export type UploadApi = Pick<NaruApi, "create" | "get" | "resume" | "complete" | "abort">;

/** Carries the bytes of one part. */
export type PutPart = (upload: RemoteUpload, part: Part, body: Body, options: PutOptions) => Promise<Receipt>;

const anyLimits: Limits = {
  minPartSize: 1,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  maxSize: 48 * TiB,
  equalParts: true,
  maxInFlight: 64,
};

/** Make a store whose control calls go to the server and whose parts go where `open` says. */
export function remoteStore(
  api: UploadApi,
  open: (wire: WireUpload) => RemoteUpload,
  { limits = anyLimits, conflict = defaultConflict.store }: RemoteStoreOptions,
): Store {
  return {
    direct: false,
    limitsFor: () => limits,
    create: async ({ path, size, partSize, type, modified }, options = {}) => {
      if (size === undefined) throw new TransferError("unsupported", `Cannot create "${path}": its size is not known`);
      const wish = { path, size, partSize, type, modified: modified?.toISOString(), conflict };
      return open(await api.create(wish, options));
    },
    resume: async (id, options = {}) => open(await api.resume(id, options)),
  };
}

/** An upload at our server, with the epoch of the lease it is held under. */
export class RemoteUpload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  readonly epoch: number | undefined;
  /** When the server forgets it, unless parts arrive before. */
  readonly expires: Date;
  readonly #api: UploadApi;
  readonly #putPart: PutPart;
  /** What create or resume told, until something changes. */
  #known: readonly Receipt[] | undefined;

  constructor(api: UploadApi, wire: WireUpload, putPart: PutPart) {
    this.id = wire.id;
    this.spec = specOf(wire);
    this.epoch = wire.epoch;
    this.expires = new Date(wire.expires);
    this.#api = api;
    this.#putPart = putPart;
    this.#known = wire.receipts?.map(toReceipt);
  }

  async receipts(options: Abortable = {}): Promise<readonly Receipt[]> {
    options.signal?.throwIfAborted();
    const known = this.#known;
    this.#known = undefined;
    return known ?? ((await this.#api.get(this.id, options)).receipts ?? []).map(toReceipt);
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    this.#known = undefined;
    options.signal?.throwIfAborted();
    if (body.size !== part.size) {
      const code = body.size < part.size ? "short-body" : "long-body";
      throw new TransferError(
        code,
        `Cannot put part ${part.number} of "${this.spec.path}": the body has ${body.size} bytes, not ${part.size}`,
      );
    }
    return this.#putPart(this, part, body, options);
  }

  /** Parts may arrive without this upload's `put`: what create or resume said is old. */
  forgetReceipts(): void {
    this.#known = undefined;
  }

  async complete({ digests = new Map(), signal }: CompleteOptions = {}): Promise<StoredFile> {
    const parts = [...digests].map(([number, digest]: [number, PartDigest]) => ({ number, ...digest }));
    return toStoredFile(await this.#api.complete(this.id, parts, { epoch: this.epoch, signal }));
  }

  async abort(options: Abortable = {}): Promise<void> {
    await this.#api.abort(this.id, options);
  }
}

function specOf({ path, size, partSize, type, modified }: WireUpload): UploadSpec {
  return { path, size, partSize, type, modified: modified === undefined ? undefined : new Date(modified) };
}

/** Write an MD5 as `Content-MD5` wants it. */
export function base64OfHex(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return btoa(String.fromCharCode(...bytes.map((byte) => Number.parseInt(byte, 16))));
}
