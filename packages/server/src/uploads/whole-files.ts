import { randomBytes } from "node:crypto";
import {
  type Abortable,
  type ConflictPolicy,
  choosePartSize,
  MiB,
  type PartDigest,
  type Store,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ClashFiles } from "../catalogue/clashes.ts";
import type { Caller } from "../catalogue/file-events.ts";
import type { Completed, CompleteHow } from "../catalogue/publish.ts";
import type { UploadRow } from "../database/tables/uploads.ts";
import type { Locks } from "../locks/locks.ts";
import type { Log } from "../log.ts";
import { type Bytes, Crc32, checkDigest, digestOf } from "./body-digest.ts";
import { cutParts, putAll } from "./cut-parts.ts";
import { bytesBody } from "./memory-body.ts";
import { putStreamed } from "./put-streamed.ts";
import type { UploadLedger } from "./upload-ledger.ts";
import { uploadSpec } from "./wire-upload.ts";

/** A file that comes in one body. Without a size its end is the body's end. */
export interface WholeFile {
  readonly path: string;
  readonly size?: number | undefined;
  readonly type?: string | undefined;
  readonly modified?: string | undefined;
  readonly conflict: ConflictPolicy;
  /** What the sender says of the content, compared before the file appears. */
  readonly md5?: string | undefined;
  readonly crc64?: string | undefined;
}

export interface WholeFilesOptions {
  readonly store: Store;
  readonly ledger: UploadLedger;
  readonly catalogue: Catalogue;
  readonly locks: Locks;
  readonly now: () => number;
  readonly ttlMs: number;
  readonly log: Log;
}

export interface WriteOptions extends Abortable {
  readonly by: Caller;
  /** Answers what is there already, in place of the store. */
  readonly files?: ClashFiles | undefined;
  /** Of all bytes, where it is known and was compared already. */
  readonly digest?: PartDigest | undefined;
  /** Asked once more before the file appears, while nobody else changes what is at its path; throws to refuse. */
  readonly check?: (() => Promise<void>) | undefined;
}

/** A small file of a batch, with what the answer says of it. */
export interface Written {
  readonly file: StoredFile;
  /** It was there already with these very bytes. */
  readonly same: boolean;
}

type Digests = ReadonlyMap<number, PartDigest>;

/** Up to this many bytes are taken into memory and written in one call. */
const smallSize = 8 * MiB;
/** A body of unknown length has two parts in memory: one on its way, one filling. */
const unknownPartSize = 16 * MiB;

/** Writes bodies of any length, cut into parts as they arrive. Nothing appears unless the body arrives whole. */
export class WholeFiles {
  readonly #options: WholeFilesOptions;

  constructor(options: WholeFilesOptions) {
    this.#options = options;
  }

  /**
   * Write a small file, but under `rename` not a second time: what was sent before and arrived, though its sender never
   * heard so, is the same file. Of two that send it at once, the second finds the first's.
   */
  writeOnce(file: WholeFile, bytes: Bytes, options: WriteOptions): Promise<Written> {
    return this.#options.locks.run(`body ${file.path}`, async () => {
      const digest = digestOf(bytes);
      checkDigest(file, digest);
      const wanted = { ...file, ...digest, size: bytes.length };
      const { catalogue } = this.#options;
      const there = file.conflict === "rename" ? await catalogue.find(wanted, options) : undefined;
      if (there) return { file: there, same: true };
      return { file: await this.write(file, once(bytes), { ...options, digest }), same: false };
    });
  }

  async write(file: WholeFile, chunks: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredFile> {
    const { store, catalogue } = this.#options;
    const limits = store.limitsFor(file.path);
    const partSize = choosePartSize(file.size, limits, wishedPartSize(file.size));
    using claim = await catalogue.claims.claim(file.path, file.conflict, options);
    const spec = uploadSpec(file, claim.path, file.size, partSize);
    const crc32 = new Crc32();
    if (file.size !== undefined && file.size > smallSize) {
      const streamed = { ...file, size: file.size, partSize, crc32, signal: options.signal };
      return await this.#writeParts(
        { ...file, crc32 },
        spec,
        (upload) => putStreamed(upload, chunks, streamed),
        options,
      );
    }
    const parts = cutParts(chunks, partSize, file, limits.maxParts);
    const first = await parts.next();
    if (first.done) throw new TransferError("internal", `Cannot write "${file.path}": the body has no first part`);
    const { value: cut } = first;
    if (cut.last && store.putFile !== undefined) return await this.#writeSmall(file, spec, cut.bytes, options);
    const counted = { ...file, crc32 };
    const put = (upload: Upload): Promise<Digests> => putAll(upload, { first: cut, rest: parts }, counted, options);
    return await this.#writeParts(counted, spec, put, options);
  }

  #writeSmall(file: WholeFile, spec: UploadSpec, bytes: Bytes, options: WriteOptions): Promise<StoredFile> {
    const { catalogue, store } = this.#options;
    const { by, check, files, signal } = options;
    const digest = options.digest ?? digestOf(bytes);
    checkDigest(file, digest);
    const size = bytes.length;
    const complete = async (path: string, { onlyNew }: CompleteHow): Promise<Completed> => {
      const whole = { ...spec, path, size, partSize: Math.max(1, size) };
      const stored = await store.putFile?.(whole, bytesBody(bytes), { digest, onlyNew, signal });
      if (stored) return { file: stored };
      throw new TransferError("unsupported", `Cannot write "${path}": the store accepts only parts`);
    };
    const crc32 = new Crc32().update(bytes).hex();
    const facts = { ...digest, crc32, modified: spec.modified?.getTime() ?? null };
    const { conflict } = file;
    return catalogue.publish({ by, path: spec.path, conflict, size, facts, files, check, complete }, { signal });
  }

  async #writeParts(
    { conflict, crc32 }: Pick<WholeFile, "conflict"> & { readonly crc32: Crc32 },
    spec: UploadSpec,
    put: (upload: Upload) => Promise<Digests>,
    options: WriteOptions,
  ): Promise<StoredFile> {
    const { catalogue, ledger, store } = this.#options;
    const { by, check, signal } = options;
    const upload = await store.create(spec, { signal });
    const id = await this.#note(upload, spec, by);
    try {
      const digests = await put(upload);
      const facts = { crc32: crc32.hex(), modified: spec.modified?.getTime() ?? null };
      const complete = async (_path: string, { onlyNew }: CompleteHow): Promise<Completed> => ({
        file: await upload.complete({ digests, onlyNew, signal }),
      });
      const which = { id, storeId: upload.id, at: spec.path };
      const stored = await catalogue.publish(
        { by, path: spec.path, conflict, size: spec.size, facts, upload: which, check, complete },
        { signal },
      );
      await ledger.remove(id);
      return stored;
    } catch (error) {
      await this.#drop(id, upload);
      throw error;
    }
  }

  /** Tell the ledger, so that a later process can clean up what this one may leave. */
  async #note(upload: Upload, spec: UploadSpec, { account, door }: Caller): Promise<string> {
    const { ledger, now, ttlMs } = this.#options;
    const id = randomBytes(15).toString("base64url");
    const row: UploadRow = {
      id,
      owner: account,
      store_id: upload.id,
      path: spec.path,
      size: spec.size ?? 0,
      kind: "planned",
      part_size: spec.partSize ?? 0,
      type: spec.type ?? null,
      modified: null,
      conflict: "overwrite",
      created: now(),
      expires: now() + ttlMs,
      epoch: 1,
      confirmed: 0,
      state: "piped",
      file: null,
    };
    await ledger.insert(row, door);
    return id;
  }

  async #drop(id: string, upload: Upload): Promise<void> {
    const { catalogue, ledger, log } = this.#options;
    try {
      // It may have become a file, though the answer was lost.
      await catalogue.settle({ upload: id });
      await upload.abort();
      await ledger.remove(id);
    } catch (error) {
      log.warn({ upload: id, err: error }, "cannot drop a body that did not arrive whole");
    }
  }
}

/** A small one is one part; what is known to be larger has the parts that suit it. */
function wishedPartSize(size: number | undefined): number | undefined {
  if (size === undefined) return unknownPartSize;
  return size <= smallSize ? smallSize : undefined;
}

async function* once(bytes: Bytes): AsyncGenerator<Bytes, undefined> {
  yield bytes;
  return undefined;
}
