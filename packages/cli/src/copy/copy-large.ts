/** Copies one large file by parts, continuing what an earlier run left. */

import { systemClock } from "@naru/client/node";
import {
  type Body,
  Crc64,
  chunksOf,
  combineAllCrc64,
  isTransferError,
  MiB,
  type PartDigest,
  type Receipt,
  type StoredFile,
  Transfer,
  TransferError,
  type Upload,
  wrapStore,
} from "@naru/core";
import type { FileCopier } from "@naru/server";
import { escaped } from "../terminal-text.ts";
import { sameContent, whenChanged } from "./copy-comparison.ts";
import type { CopyContext } from "./copy-context.ts";
import type { CopyJob } from "./copy-job.ts";
import { isOf, type SentDigest } from "./copy-journal.ts";
import { copySource, streamOf } from "./copy-source.ts";

/** What the service copies by itself, in bytes: a call each, and what a kill costs. */
const partWithin = 64 * MiB;

export interface CopiedLarge {
  readonly bytesSent: number;
  readonly parts: number;
  readonly partsSkipped: number;
  readonly checksum: string | undefined;
}

/** Copy it. @throws {TransferError} `file-changed`: then nothing appears at the target; `checksum-mismatch` */
export async function copyLarge(
  context: CopyContext,
  job: CopyJob,
  copier: FileCopier | undefined,
): Promise<CopiedLarge> {
  const { from, to, progress, signal, journal, partsAtOnce } = context;
  const { path } = job;
  const file = await current(context, job.file);
  const parts = new SentParts(context, job, file);
  const resume = await parts.resume();
  using bar = progress.file(path, file.size);
  const { size, type, modified } = file;
  const spec = { path, size, type, modified, partSize: copier === undefined ? undefined : partWithin };
  const store = wrapStore(to.store, { upload: (inner) => parts.around(inner, copier) });
  const transfer = new Transfer(copySource(context, file), store, spec, {
    clock: systemClock,
    random: Math.random,
    maxConcurrency: partsAtOnce,
    resume,
    onUpload: (upload) => parts.begin(upload),
    onProgress: ({ confirmed, speed, secondsLeft, bytesSent: sent }) =>
      bar.update(confirmed, { speed, secondsLeft, sent }),
    onRestart: () => progress.say(`${escaped(path)}: its unfinished upload is gone; copying all of it`),
  });
  const copied = await transfer.run({ signal }).catch(async (error: unknown) => {
    // Nothing is left of a file that is no longer there.
    if (isTransferError(error) && ["file-changed", "checksum-mismatch"].includes(error.code)) {
      await transfer.cancel().catch(() => undefined);
      await journal.forget(path);
    }
    throw error;
  });
  await journal.forget(path);
  if (sameContent({ ...file, etag: "" }, { ...copied, etag: "" }) === false) throw otherBytes(path);
  const { bytesSent, parts: count, partsSkipped } = transfer.progress;
  const sent = copier === undefined ? bytesSent : 0;
  return { bytesSent: sent, parts: count, partsSkipped, checksum: parts.crc64() ?? copied.crc64 };

  async function current({ from: source }: CopyContext, listed: StoredFile): Promise<StoredFile> {
    // A listing need not tell the type, nor when it was changed.
    const now = await source.store.stat(listed.path, { signal });
    if (now?.etag === listed.etag && now.size === listed.size) return { ...now, path: listed.path };
    throw whenChanged(new TransferError("conflict", `"${from.name}" has another file there`), listed.path);
  }
}

/** The parts of a file, as they are sent and remembered. */
class SentParts {
  readonly #context: CopyContext;
  readonly #job: CopyJob;
  readonly #file: StoredFile;
  readonly #digests = new Map<number, { readonly digest: Partial<PartDigest>; readonly size: number }>();
  #remembered: readonly SentDigest[] = [];
  #upload = "";
  #saving: Promise<void> = Promise.resolve();
  #receipts: readonly Receipt[] = [];

  constructor(context: CopyContext, job: CopyJob, file: StoredFile) {
    this.#context = context;
    this.#job = job;
    this.#file = file;
  }

  /** The upload to continue. One of another state of the file is ended. */
  async resume(): Promise<string | undefined> {
    const { journal, to, progress, signal } = this.#context;
    const entry = await journal.load(this.#job.path);
    if (entry === undefined) return undefined;
    if (isOf(entry, this.#file)) {
      this.#remembered = entry.digests;
      return entry.upload;
    }
    progress.say(`${escaped(this.#job.path)}: it has changed since its copy was cut; copying all of it`);
    await to.store.resume(entry.upload, { signal }).then(
      (upload) => upload.abort({ signal }),
      () => undefined,
    );
    await journal.forget(this.#job.path);
    return undefined;
  }

  async begin({ id }: Upload): Promise<void> {
    if (id !== this.#upload && this.#upload !== "") this.#remembered = [];
    this.#upload = id;
    await this.#save();
  }

  around(inner: Upload, copier: FileCopier | undefined): Partial<Upload> {
    const { to, signal } = this.#context;
    const file = this.#file;
    return {
      receipts: async (options) => {
        this.#receipts = (await inner.receipts(options)).map((receipt) => this.#withDigest(receipt));
        return this.#receipts;
      },
      put: async (part, body, options = {}) => {
        let receipt: Receipt;
        if (copier !== undefined) {
          receipt = await copier.copyPart(inner.id, part, file, options);
          options.onProgress?.(part.size);
        } else if (to.naru === undefined) receipt = await inner.put(part, body, options);
        else receipt = await putCounted(inner, part, body, options);
        await this.#note(receipt);
        return receipt;
      },
      complete: async (options = {}) => {
        const crc64 = this.crc64();
        if (file.crc64 !== undefined && crc64 !== undefined && crc64 !== file.crc64) throw otherBytes(file.path);
        const now = await this.#context.from.store.stat(file.path, { signal });
        if (now?.etag !== file.etag) throw whenChanged(new TransferError("conflict", "it has another etag"), file.path);
        const digests = new Map(options.digests);
        for (const [number, { digest }] of this.#digests) {
          const { md5, crc64: sum } = digest;
          if (md5 && sum && !digests.has(number)) digests.set(number, { md5, crc64: sum });
        }
        return inner.complete({ ...options, digests });
      },
    };
  }

  /** Of the whole file; `undefined` when that of a part is not known. */
  crc64(): string | undefined {
    const parts = [...this.#digests].sort(([a], [b]) => a - b).map(([, { digest, size }]) => ({ ...digest, size }));
    const known = parts.flatMap(({ crc64, size }) => (crc64 === undefined ? [] : [{ crc64, size }]));
    const size = known.reduce((sum, part) => sum + part.size, 0);
    return known.length === parts.length && size === this.#file.size ? combineAllCrc64(known) : undefined;
  }

  /** A store that lists a part by its MD5 does not know its CRC-64, which was noted when it was sent. */
  #withDigest(receipt: Receipt): Receipt {
    const { number, size } = receipt.part;
    const noted = this.#remembered.find(([one]) => one === number)?.[1];
    const isNoted = noted?.md5 !== undefined && noted.md5 === receipt.digest?.md5;
    const digest = isNoted ? { ...noted, ...receipt.digest } : receipt.digest;
    if (digest === undefined) return receipt;
    this.#digests.set(number, { digest, size });
    return { ...receipt, digest };
  }

  async #note({ part, digest = {} }: Receipt): Promise<void> {
    this.#digests.set(part.number, { digest, size: part.size });
    await this.#save();
  }

  /** A journal that cannot be written costs a later run its parts, and this one nothing. */
  #save(): Promise<void> {
    const { journal } = this.#context;
    const { etag, size } = this.#file;
    this.#saving = this.#saving.then(async () => {
      const digests = [...this.#digests].map(([number, { digest }]): SentDigest => [number, digest]);
      const entry = { upload: this.#upload, etag, size, digests: digests.length > 0 ? digests : this.#remembered };
      await journal.save(this.#job.path, entry).catch(() => undefined);
    });
    return this.#saving;
  }
}

type PutOptions = NonNullable<Parameters<Upload["put"]>[2]>;

/** Send a part and compute its CRC-64 as it passes: a server far away says what it has got. @throws {TransferError} `checksum-mismatch` */
async function putCounted(upload: Upload, part: Receipt["part"], body: Body, options: PutOptions): Promise<Receipt> {
  let crc = new Crc64();
  async function* counted(): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    crc = new Crc64();
    for await (const chunk of chunksOf(body, options)) {
      crc.update(chunk);
      yield chunk;
    }
  }
  const receipt = await upload.put(part, { size: body.size, stream: () => streamOf(counted()) }, options);
  const { crc64 } = receipt.digest ?? {};
  if (crc64 === undefined || crc64 === crc.hex())
    return { ...receipt, digest: { ...receipt.digest, crc64: crc.hex() } };
  throw new TransferError("checksum-mismatch", `Cannot put part ${part.number}: the target has other bytes`);
}

function otherBytes(path: string): TransferError {
  return new TransferError(
    "checksum-mismatch",
    `Cannot copy "${escaped(path)}": its bytes are not those of its checksum`,
  );
}
