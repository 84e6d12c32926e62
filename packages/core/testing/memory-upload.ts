/**
 * An upload of the store in memory.
 *
 * @module
 */

import { crc64 } from "../src/crc64.ts";
import { TransferError } from "../src/errors.ts";
import type {
  Abortable,
  Body,
  CompleteOptions,
  Part,
  PartDigest,
  PutOptions,
  Receipt,
  StoredFile,
  Upload,
  UploadSpec,
} from "../src/store.ts";
import { readBody } from "./read-body.ts";

/** What an upload asks of the store that it belongs to. */
export interface MemoryUploadHome {
  isOpen(): boolean;
  check(bytes: Uint8Array<ArrayBuffer>, digest: PartDigest | undefined): Promise<void>;
  finish(bytes: Uint8Array<ArrayBuffer>): StoredFile;
  forget(): void;
}

interface HeldPart {
  readonly receipt: Receipt;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Parts on their way to one file. */
export class MemoryUpload implements Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  readonly begun: Date = new Date();
  /** When a part came last. */
  renewed: Date = this.begun;
  readonly #home: MemoryUploadHome;
  readonly #parts = new Map<number, HeldPart>();
  #done: StoredFile | undefined;

  constructor(id: string, spec: UploadSpec, home: MemoryUploadHome) {
    this.id = id;
    this.spec = spec;
    this.#home = home;
  }

  async receipts({ signal }: Abortable = {}): Promise<readonly Receipt[]> {
    signal?.throwIfAborted();
    this.#mustBeOpen("list");
    return this.#sorted().map((held) => held.receipt);
  }

  async put(part: Part, body: Body, options: PutOptions = {}): Promise<Receipt> {
    this.#mustBeOpen("put");
    this.#mustFit(part);
    const bytes = await readBody(part, body, options);
    await this.#home.check(bytes, options.digest);
    options.signal?.throwIfAborted();
    this.#mustBeOpen("put");
    const sum = crc64(bytes);
    const { number, offset, size } = part;
    const receipt: Receipt = { part: { number, offset, size }, etag: sum, digest: { ...options.digest, crc64: sum } };
    this.#parts.set(number, { receipt, bytes });
    this.renewed = new Date();
    return receipt;
  }

  /** Bytes of its parts. */
  get held(): number {
    return this.#sorted().reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  async complete({ signal, count = Number.POSITIVE_INFINITY }: CompleteOptions = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    if (this.#done !== undefined) return this.#done;
    this.#mustBeOpen("complete");
    const parts = this.#sorted().filter(({ receipt }) => receipt.part.number <= count);
    let end = 0;
    for (const { receipt } of parts) {
      if (receipt.part.offset !== end) throw this.#incomplete(end);
      end += receipt.part.size;
    }
    if (end !== (this.spec.size ?? end) || parts.length === 0) throw this.#incomplete(end);
    const whole = new Uint8Array(end);
    for (const { receipt, bytes } of parts) whole.set(bytes, receipt.part.offset);
    this.#parts.clear();
    this.#done = this.#home.finish(whole);
    return this.#done;
  }

  async abort({ signal }: Abortable = {}): Promise<void> {
    signal?.throwIfAborted();
    this.#parts.clear();
    this.#home.forget();
  }

  #sorted(): readonly HeldPart[] {
    return [...this.#parts.values()].sort((a, b) => a.receipt.part.number - b.receipt.part.number);
  }

  #mustBeOpen(verb: string): void {
    if (!this.#home.isOpen())
      throw new TransferError("not-found", `Cannot ${verb} "${this.id}": there is no such upload`);
  }

  #mustFit({ number, offset, size }: Part): void {
    const { size: whole, partSize = size } = this.spec;
    const fits =
      whole === undefined || (offset === (number - 1) * partSize && size === Math.min(partSize, whole - offset));
    if (!fits || !Number.isSafeInteger(number) || number < 1) {
      throw new TransferError("invalid", `Cannot put part "${number}": it is not a part of the plan`);
    }
  }

  #incomplete(at: number): TransferError {
    return new TransferError("incomplete", `Cannot complete "${this.spec.path}": byte ${at} has not arrived`);
  }
}
