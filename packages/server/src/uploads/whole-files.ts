import { createHash, randomBytes } from "node:crypto";
import {
  type Abortable,
  type ConflictPolicy,
  choosePartSize,
  crc64,
  type Files,
  MiB,
  type Part,
  type PartDigest,
  type Store,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import type { ClashFiles } from "../catalogue/clashes.ts";
import { type FindOptions, KnownFiles, type WantedFile } from "../catalogue/known-files.ts";
import { ListedFolders } from "../catalogue/listed-folders.ts";
import { type PathClaims, taken } from "../catalogue/path-claims.ts";
import type { Log } from "../log.ts";
import { bytesBody } from "./bodies.ts";
import { KeyLock } from "./key-lock.ts";
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
  readonly store: Store & Files;
  readonly ledger: UploadLedger;
  readonly claims: PathClaims;
  readonly now: () => number;
  readonly ttlMs: number;
  readonly log: Log;
}

export interface WriteOptions extends Abortable {
  readonly owner: string;
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

type Bytes = Uint8Array<ArrayBuffer>;
type Digests = ReadonlyMap<number, PartDigest>;

/** Up to this many bytes are taken into memory and written in one call. */
const smallSize = 8 * MiB;
/** A body of unknown length has two parts in memory: one on its way, one filling. */
const unknownPartSize = 16 * MiB;

/** Writes bodies of any length, cut into parts as they arrive. Nothing appears unless the body arrives whole. */
export class WholeFiles {
  readonly #options: WholeFilesOptions;
  readonly #known: KnownFiles;
  readonly #once = new KeyLock();

  constructor(options: WholeFilesOptions) {
    this.#options = options;
    this.#known = new KnownFiles(options);
  }

  /** What a batch asks in place of the store, since it writes many files of few folders; dispose of it at its end. */
  listed(paths: Iterable<string>): ListedFolders {
    return new ListedFolders(this.#options.store, this.#options.ledger.paths, paths);
  }

  /** The file that is there already with these very bytes. */
  find(wanted: WantedFile, options: FindOptions): Promise<StoredFile | undefined> {
    return this.#known.find(wanted, options);
  }

  /**
   * Write a small file, but under `rename` not a second time: what was sent before and arrived, though its sender never
   * heard so, is the same file. Of two that send it at once, the second finds the first's.
   */
  writeOnce(file: WholeFile, bytes: Bytes, options: WriteOptions): Promise<Written> {
    return this.#once.run(file.path, async () => {
      const digest = digestOf(bytes);
      checkDigest(file, digest);
      const wanted = { ...file, ...digest, size: bytes.length };
      const there = file.conflict === "rename" ? await this.find(wanted, options) : undefined;
      if (there) return { file: there, same: true };
      return { file: await this.write(file, once(bytes), { ...options, digest }), same: false };
    });
  }

  async write(file: WholeFile, chunks: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<StoredFile> {
    const { store, claims } = this.#options;
    const limits = store.limitsFor(file.path);
    const partSize = choosePartSize(file.size, limits, wishedPartSize(file.size));
    using claim = await claims.claim(file.path, file.conflict, options);
    const spec = uploadSpec(file, claim.path, file.size, partSize);
    if (file.size !== undefined && file.size > smallSize) {
      const streamed = { ...file, size: file.size, partSize, signal: options.signal };
      const put = (upload: Upload): Promise<Digests> => putStreamed(upload, chunks, streamed);
      return await this.#noted(this.#writeParts(file, spec, put, options), options);
    }
    const parts = cutParts(chunks, partSize, file, limits.maxParts);
    const first = await parts.next();
    if (first.done) throw new TransferError("internal", `Cannot write "${file.path}": the body has no first part`);
    const { value: cut } = first;
    const only = cut.last && store.putFile !== undefined;
    if (only) return await this.#noted(this.#writeSmall(file, spec, cut.bytes, options), options);
    const put = (upload: Upload): Promise<Digests> => putAll(upload, { first: cut, rest: parts }, file, options);
    return await this.#noted(this.#writeParts(file, spec, put, options), options);
  }

  async #noted(writing: Promise<StoredFile>, { owner }: WriteOptions): Promise<StoredFile> {
    const stored = await writing;
    // What was known of the file before: the same bytes may have the same tag, and came anew.
    await this.#options.ledger.facts.forget(stored.path);
    await this.#options.ledger.notePublished(stored, owner);
    return stored;
  }

  async #writeSmall(file: WholeFile, spec: UploadSpec, bytes: Bytes, options: WriteOptions): Promise<StoredFile> {
    const { claims } = this.#options;
    const digest = options.digest ?? digestOf(bytes);
    checkDigest(file, digest);
    const stored = await this.#putSmall(file, spec, { bytes, digest }, options);
    if (stored) return stored.crc64 === undefined ? { ...stored, crc64: digest.crc64 } : stored;
    // Another door took the name since it was claimed; the claim keeps the next one from being it again.
    using next = await claims.claim(file.path, "rename", { signal: options.signal });
    return await this.#writeSmall(file, { ...spec, path: next.path }, bytes, options);
  }

  /** Put it where it was to go; `undefined` if it is to have the next free name. */
  #putSmall(
    file: WholeFile,
    spec: UploadSpec,
    { bytes, digest }: { readonly bytes: Bytes; readonly digest: PartDigest },
    { check, files = this.#options.store, signal }: WriteOptions,
  ): Promise<StoredFile | undefined> {
    const { store, ledger } = this.#options;
    const whole = { ...spec, size: bytes.length, partSize: Math.max(1, bytes.length) };
    return ledger.paths.alone(spec.path, async () => {
      await check?.();
      if (file.conflict !== "overwrite" && (await files.stat(spec.path, { signal }))) {
        if (file.conflict === "fail") throw taken(spec.path);
        return undefined;
      }
      const stored = await store.putFile?.(whole, bytesBody(bytes), { digest, signal });
      if (stored) return stored;
      throw new TransferError("unsupported", `Cannot write "${spec.path}": the store accepts only parts`);
    });
  }

  async #writeParts(
    file: WholeFile,
    spec: UploadSpec,
    put: (upload: Upload) => Promise<Digests>,
    options: WriteOptions,
  ): Promise<StoredFile> {
    const { store } = this.#options;
    const upload = await store.create(spec, options);
    const id = await this.#note(upload, spec, options);
    try {
      const digests = await put(upload);
      const stored = await this.#options.ledger.paths.alone(spec.path, async () => {
        await options.check?.();
        if (file.conflict !== "overwrite" && (await store.stat(spec.path, options))) throw taken(spec.path);
        return upload.complete({ digests, signal: options.signal });
      });
      await this.#options.ledger.remove(id);
      return stored;
    } catch (error) {
      await this.#drop(id, upload);
      throw error;
    }
  }

  /** Tell the ledger, so that a later process can clean up what this one may leave. */
  async #note(upload: Upload, spec: UploadSpec, { owner }: WriteOptions): Promise<string> {
    const { ledger, now, ttlMs } = this.#options;
    const id = randomBytes(15).toString("base64url");
    await ledger.insert([
      {
        id,
        owner,
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
      },
    ]);
    return id;
  }

  async #drop(id: string, upload: Upload): Promise<void> {
    const { ledger, log } = this.#options;
    try {
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

interface Cut {
  readonly bytes: Bytes;
  readonly last: boolean;
}

/** Put part after part, one on its way while the next fills. */
async function putAll(
  upload: Upload,
  { first, rest }: { readonly first: Cut; readonly rest: AsyncIterable<Cut> },
  file: WholeFile,
  { signal }: Abortable,
): Promise<Map<number, PartDigest>> {
  const digests = new Map<number, PartDigest>();
  const md5 = createHash("md5");
  let number = 0;
  let offset = 0;
  let putting: Promise<void> = Promise.resolve();
  // The store computes digests as the bytes pass; what it proves is what complete is told.
  const put = async (part: Part, bytes: Bytes): Promise<void> => {
    const { digest } = await upload.put(part, bytesBody(bytes), { signal });
    if (digest?.md5 && digest.crc64) digests.set(part.number, { md5: digest.md5, crc64: digest.crc64 });
  };
  const send = async ({ bytes }: Cut): Promise<void> => {
    if (file.md5 !== undefined) md5.update(bytes);
    await putting;
    number += 1;
    putting = put({ number, offset, size: bytes.length }, bytes);
    offset += bytes.length;
    // Its failure is met at the next `await putting`; until then it must not count as unhandled.
    putting.catch(() => undefined);
  };
  try {
    await send(first);
    for await (const cut of rest) await send(cut);
  } finally {
    await putting;
  }
  if (file.md5 !== undefined) checkDigest({ path: file.path, md5: file.md5 }, { md5: md5.digest("hex") });
  return digests;
}

/**
 * Cut a body into parts; the one that ends it says so. An empty body is one empty part. Two buffers take turns: a part is
 * good until the part after the next is asked for.
 */
async function* cutParts(
  chunks: AsyncIterable<Uint8Array>,
  partSize: number,
  { path, size }: WholeFile,
  maxParts: number,
): AsyncGenerator<Cut, undefined> {
  let buffer: Bytes = new Uint8Array(Math.min(partSize, size ?? partSize));
  let spare: Bytes | undefined;
  let filled = 0;
  let total = 0;
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      if (filled === partSize) {
        if (total >= maxParts * partSize) throw new TransferError("too-large", tooManyParts(path, maxParts * partSize));
        yield { bytes: buffer, last: false };
        [buffer, spare] = [spare ?? new Uint8Array(partSize), buffer];
        filled = 0;
      }
      const taken = Math.min(partSize - filled, chunk.length - from);
      if (filled + taken > buffer.length) throw new TransferError("long-body", tooLong(path, size));
      buffer.set(chunk.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      total += taken;
    }
  }
  if (size !== undefined && total !== size) {
    if (total > size) throw new TransferError("long-body", tooLong(path, size));
    throw new TransferError("short-body", `Cannot write "${path}": the body ended after ${total} of ${size} bytes`);
  }
  yield { bytes: buffer.subarray(0, filled), last: total <= partSize };
  return undefined;
}

function tooManyParts(path: string, most: number): string {
  const hint = "a larger one needs its length in Content-Length";
  return `Cannot write "${path}": a body of unknown length may have ${most} bytes with this store; ${hint}`;
}

function tooLong(path: string, size: number | undefined): string {
  return `Cannot write "${path}": the body is longer than ${size} bytes`;
}

function digestOf(bytes: Bytes): PartDigest {
  return { md5: createHash("md5").update(bytes).digest("hex"), crc64: crc64(bytes) };
}

function checkDigest(said: Pick<WholeFile, "path" | "md5" | "crc64">, found: Partial<PartDigest>): void {
  const wrongMd5 = said.md5 !== undefined && said.md5 !== found.md5;
  const wrongCrc = said.crc64 !== undefined && found.crc64 !== undefined && said.crc64 !== found.crc64;
  if (!wrongMd5 && !wrongCrc) return;
  throw new TransferError("checksum-mismatch", `Cannot write "${said.path}": the bytes are not what was sent`);
}
