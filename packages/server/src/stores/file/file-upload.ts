import { open, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  type Abortable,
  type Body,
  type CompleteOptions,
  isTransferError,
  MiB,
  type Part,
  type PutOptions,
  type Receipt,
  type StoredFile,
  TransferError,
  type Upload,
  type UploadSpec,
} from "@naru/core";
import { checkCoverage, checkPart, compositeEtag, wholeCrc64 } from "../part-coverage.ts";
import { type Arrivals, arrive } from "./file-arrival.ts";
import { onDisk, systemCode } from "./file-error.ts";
import { PartWriter } from "./part-writer.ts";
import { UploadLog, type UploadRecord } from "./upload-log.ts";

/** Where one upload lives on the disk. */
export interface UploadContext extends Arrivals {
  readonly id: string;
  readonly folder: string;
  readonly maxParts: number;
}

/** Open the log of an upload, which may not exist yet. */
export function logOf({ folder, durable }: UploadContext): UploadLog {
  return new UploadLog(join(folder, "log"), { durable });
}

/** Parts landing at their place in one hidden file, which gets its name when every byte has a receipt. */
export class FileUpload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  /** The CRC-64, while it writes; a disk checks no MD5. */
  readonly hashesItself = true;
  readonly #context: UploadContext;
  readonly #log: UploadLog;
  readonly #data: string;
  #receipts: Map<number, Receipt>;
  readonly #writers = new Map<number, PartWriter>();
  /** Copies over parts that have receipts, one after another. */
  #rewriting: Promise<unknown> = Promise.resolve();
  #flushing: Promise<void> | undefined;
  #arrived: StoredFile | undefined;

  constructor(context: UploadContext, { spec, receipts }: UploadRecord) {
    this.id = context.id;
    this.spec = spec;
    this.#context = context;
    this.#log = logOf(context);
    this.#data = join(context.folder, "data");
    this.#receipts = receipts;
  }

  async receipts({ signal }: Abortable = {}): Promise<readonly Receipt[]> {
    signal?.throwIfAborted();
    return this.#guard("read the receipts of", () => this.#readReceipts());
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    options.signal?.throwIfAborted();
    checkPart(part, this.spec, this.#context.maxParts);
    return this.#guard(`write part ${part.number} of`, () =>
      this.#receipts.has(part.number) ? this.#rewrite(part, body, options) : this.#write(part, body, options),
    );
  }

  async readPart({ offset, size }: Part, { signal }: Abortable = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    let position = offset;
    return new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        pull: (controller) =>
          this.#guard("read a part of", async () => {
            signal?.throwIfAborted();
            if (position >= offset + size) return controller.close();
            await using file = await open(this.#data, "r");
            const bytes = new Uint8Array(Math.min(MiB, offset + size - position));
            const { bytesRead } = await file.read(bytes, 0, bytes.length, position);
            if (bytesRead === 0)
              throw new TransferError("internal", "Cannot read a part: the file ends before it does");
            position += bytesRead;
            controller.enqueue(bytes.subarray(0, bytesRead));
          }),
      },
      { highWaterMark: 0 },
    );
  }

  async complete({ signal, count = Number.POSITIVE_INFINITY }: CompleteOptions = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    if (this.#arrived !== undefined) return this.#arrived;
    return this.#guard("complete", async () => {
      const receipts = (await this.#readReceipts()).filter(({ part }) => part.number <= count);
      const size = checkCoverage(receipts, this.spec);
      await this.#seal(size);
      const parts = receipts.map(({ part, digest }) => ({ size: part.size, digest }));
      const etags = receipts.map(({ etag }) => etag);
      const [only, ...others] = etags;
      const etag = only !== undefined && others.length === 0 ? only : compositeEtag(etags);
      const known = { etag, type: this.spec.type, crc64: wholeCrc64(parts) };
      this.#arrived = await arrive(this.#context, this.#data, this.spec, known);
      await rm(this.#context.folder, { recursive: true, force: true });
      return this.#arrived;
    });
  }

  async abort(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.replace()));
    await onDisk(`abort "${this.spec.path}"`, () => rm(this.#context.folder, { recursive: true, force: true }));
  }

  async #write(part: Part, body: Body, options: PutOptions): Promise<Receipt> {
    const { number } = part;
    await using file = await open(this.#data, "r+");
    // The newcomer wins: the earlier sender of this part may be a connection that died without a word.
    const earlier = this.#writers.get(number);
    const writer = new PartWriter(file, part.offset, this.#name(part));
    this.#writers.set(number, writer);
    await earlier?.replace();
    try {
      const digest = await writer.write(part, body, options);
      if (this.#context.durable) await file.datasync();
      else this.#flush();
      options.signal?.throwIfAborted();
      return await this.#confirm({ part, etag: digest.crc64, digest });
    } finally {
      await writer.replace();
      if (this.#writers.get(number) === writer) this.#writers.delete(number);
    }
  }

  /** Write a part that already has a receipt: aside first, so that a body that fails takes nothing away. */
  async #rewrite(part: Part, body: Body, options: PutOptions): Promise<Receipt> {
    const aside = join(this.#context.folder, `part-${part.number}-${crypto.randomUUID()}`);
    try {
      await using file = await open(aside, "wx+");
      const digest = await new PartWriter(file, 0, this.#name(part)).write(part, body, options);
      options.signal?.throwIfAborted();
      const copied = this.#rewriting.then(async () => {
        await this.#log.drop(part.number);
        this.#receipts.delete(part.number);
        const copy: Body = {
          size: part.size,
          stream: () => file.readableWebStream({ autoClose: false }) as ReadableStream,
        };
        const { md5, crc64 } = digest;
        return this.#write(part, copy, { digest: md5 === undefined ? undefined : { md5, crc64 } });
      });
      this.#rewriting = copied.catch(() => {});
      return await copied;
    } finally {
      await rm(aside, { force: true });
    }
  }

  async #confirm(receipt: Receipt): Promise<Receipt> {
    await this.#log.add(receipt);
    this.#receipts.set(receipt.part.number, receipt);
    return receipt;
  }

  async #readReceipts(): Promise<readonly Receipt[]> {
    const record = await this.#log.read();
    if (record === undefined) throw this.#gone();
    this.#receipts = record.receipts;
    return [...record.receipts.values()].sort((a, b) => a.part.number - b.part.number);
  }

  /** Have the disk write what came, while more comes: `complete` has to wait for less. One at a time is enough. */
  #flush(): void {
    this.#flushing ??= (async () => {
      await using file = await open(this.#data, "r+");
      await file.datasync();
    })()
      // Only a head start: whatever is wrong with the disk, `complete` meets it.
      .catch(() => undefined)
      .finally(() => {
        this.#flushing = undefined;
      });
  }

  async #seal(size: number): Promise<void> {
    await this.#flushing;
    await using file = await open(this.#data, "r+");
    await file.truncate(size);
    await file.sync();
  }

  #name(part: Part): string {
    return `part ${part.number} of "${this.spec.path}"`;
  }

  #gone(cause?: unknown): TransferError {
    return new TransferError("not-found", `Cannot find the upload of "${this.spec.path}": it is gone`, { cause });
  }

  async #guard<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await onDisk(`${doing} "${this.spec.path}"`, work);
    } catch (error) {
      const missing = isTransferError(error) && error.code === "not-found" && systemCode(error.cause) === "ENOENT";
      throw missing ? this.#gone(error.cause) : error;
    }
  }
}
