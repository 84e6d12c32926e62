/** The parts of a large file on its way: which the target has, what is in them, and what the next run has to know of them. */

import { createHash } from "node:crypto";
import {
  type Abortable,
  type Body,
  Crc64,
  chunksOf,
  combineAllCrc64,
  type PartDigest,
  type Receipt,
  type StoredFile,
  TransferError,
  type Upload,
} from "@naru/core";
import type { FileCopier } from "@naru/server";
import { JobPool } from "../sync/job-pool.ts";
import { escaped } from "../terminal-text.ts";
import { whenChanged } from "./copy-comparison.ts";
import type { CopyContext } from "./copy-context.ts";
import type { CopyJob } from "./copy-job.ts";
import { type CopyJournal, isOf, type SentPart } from "./copy-journal.ts";
import { copySource, streamOf } from "./copy-source.ts";

const readAtOnce = 4;

interface HeldPart extends Partial<PartDigest> {
  readonly size: number;
  readonly etag: string;
}

export interface SentPartsOptions {
  readonly job: CopyJob;
  /** As it is now. */
  readonly file: StoredFile;
  readonly journal: CopyJournal;
}

/** The parts of a file, as they are sent and remembered. */
export class SentParts {
  readonly #context: CopyContext;
  readonly #job: CopyJob;
  readonly #file: StoredFile;
  readonly #journal: CopyJournal;
  readonly #held = new Map<number, HeldPart>();
  #remembered: readonly SentPart[] = [];
  #upload = "";
  #saving: Promise<void> = Promise.resolve();

  constructor(context: CopyContext, { job, file, journal }: SentPartsOptions) {
    this.#context = context;
    this.#job = job;
    this.#file = file;
    this.#journal = journal;
  }

  /** The upload to continue. One of another state of the file is ended. */
  async resume(): Promise<string | undefined> {
    const { to, progress, signal } = this.#context;
    const journal = this.#journal;
    const entry = await journal.load(this.#job.path);
    if (entry === undefined) return undefined;
    if (isOf(entry, this.#file)) {
      this.#remembered = entry.parts;
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
    // One that was made in place of one that is gone has none of its parts.
    if (id !== this.#upload && this.#upload !== "") this.#remembered = [];
    if (id !== this.#upload) this.#held.clear();
    this.#upload = id;
    await this.#save();
  }

  around(inner: Upload, copier: FileCopier | undefined): Partial<Upload> {
    const { to, signal } = this.#context;
    const file = this.#file;
    return {
      receipts: async (options) => {
        const held = await inner.receipts(options);
        return copier === undefined ? this.#proven(held, options) : held;
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
        for (const [number, { md5, crc64: sum }] of this.#held) {
          if (md5 && sum && !digests.has(number)) digests.set(number, { md5, crc64: sum });
        }
        return inner.complete({ ...options, digests });
      },
    };
  }

  /** Of the whole file; `undefined` when that of a part is not known. */
  crc64(): string | undefined {
    const parts = [...this.#held].sort(([a], [b]) => a - b).map(([, part]) => part);
    const known = parts.flatMap(({ crc64, size }) => (crc64 === undefined ? [] : [{ crc64, size }]));
    const size = known.reduce((sum, part) => sum + part.size, 0);
    return known.length === parts.length && size === this.#file.size ? combineAllCrc64(known) : undefined;
  }

  /** The parts that the target has, each with its CRC-64. Those of which nothing proves what is in them are as good as missing. */
  async #proven(held: readonly Receipt[], options: Abortable = {}): Promise<readonly Receipt[]> {
    const proven: Receipt[] = [];
    const pool = new JobPool(readAtOnce);
    for (const receipt of held) {
      await pool.add(async () => {
        const digest = await this.#digestOf(receipt, options);
        if (digest === undefined) return;
        this.#held.set(receipt.part.number, { ...digest, size: receipt.part.size, etag: receipt.etag });
        proven.push({ ...receipt, digest });
      });
    }
    await pool.idle();
    return proven.sort((a, b) => a.part.number - b.part.number);
  }

  /** As it was noted when the part was sent; a part whose answer was lost is read at the source again. */
  async #digestOf(
    { part, etag, digest: held = {} }: Receipt,
    options: Abortable,
  ): Promise<Partial<PartDigest> | undefined> {
    if (held.crc64 !== undefined) return held;
    const noted = this.#remembered.find(({ number }) => number === part.number);
    if (noted?.crc64 !== undefined && etag !== "" && noted.etag === etag) return noted;
    if (held.md5 === undefined) return undefined;
    const md5 = createHash("md5");
    const crc = new Crc64();
    const body = copySource(this.#context, this.#file).slice(part.offset, part.offset + part.size);
    for await (const chunk of chunksOf(body, options)) {
      md5.update(chunk);
      crc.update(chunk);
    }
    return md5.digest("hex") === held.md5 ? { md5: held.md5, crc64: crc.hex() } : undefined;
  }

  async #note({ part, etag, digest = {} }: Receipt): Promise<void> {
    this.#held.set(part.number, { ...digest, size: part.size, etag });
    await this.#save();
  }

  /** A journal that cannot be written costs a later run its parts, and this one nothing. */
  #save(): Promise<void> {
    const journal = this.#journal;
    const { etag, size } = this.#file;
    this.#saving = this.#saving.then(async () => {
      const parts = [...this.#held].map(([number, { size: _, ...part }]): SentPart => ({ number, ...part }));
      const entry = { upload: this.#upload, etag, size, parts: parts.length > 0 ? parts : this.#remembered };
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

/** The error of a file whose bytes are not those that a checksum says. */
export function otherBytes(path: string): TransferError {
  return new TransferError(
    "checksum-mismatch",
    `Cannot copy "${escaped(path)}": its bytes are not those of its checksum`,
  );
}
