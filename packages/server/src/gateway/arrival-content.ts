import { type Abortable, GiB, KiB, TransferError } from "@naru/core";
import { EarlyBytes, windowSize } from "./early-bytes.ts";
import type { Base } from "./file-base.ts";
import type { FillingPart } from "./filling-part.ts";
import type { BlockPool } from "./memory.ts";

export interface ArrivalContentOptions {
  /** For messages. */
  readonly path: string;
  readonly pool: BlockPool;
  readonly filling: FillingPart;
  /** The size that the client told at the beginning, which must come true. */
  readonly expected: number | undefined;
  readonly base: Base | undefined;
  /** It resumes what an earlier attempt brought. */
  readonly isResumed: boolean;
}

/** So many bytes that nobody wrote are published as zeros, as disks do; more are a size that did not come true. */
const mostZeros = GiB;
const zeros = new Uint8Array(256 * KiB);

/**
 * What a file on its way in is to have, by what its client does to it.
 *
 * What came without a hole is in `filling`; what came ahead of it waits in `#early`. Below both lies, up to `#floor`, the
 * finished file that it was opened on. Gaps are filled when the client closes it: from that file, else with zeros.
 */
export class ArrivalContent implements Disposable {
  readonly #options: ArrivalContentOptions;
  readonly #filling: FillingPart;
  readonly #early: EarlyBytes;
  #floor: number;
  #isChanged = false;
  /** The client has asked for a change. */
  #begun = false;
  /** Before this byte nothing was asked to change. */
  #least = Number.POSITIVE_INFINITY;
  #expected: number | undefined;
  /** The size that the client set beyond what it has written. */
  #grown = 0;
  /** How much an earlier attempt brought, whose client went back in it to send the rest again. */
  #former = 0;

  constructor(options: ArrivalContentOptions) {
    this.#options = options;
    this.#filling = options.filling;
    this.#early = new EarlyBytes(options.pool);
    this.#floor = options.base?.file.size ?? 0;
    this.#expected = options.expected;
  }

  /** Up to here bytes lie without a hole. */
  get size(): number {
    return this.#early.reach(Math.max(this.#filling.end, this.#floor));
  }

  /** It is not only the file that it was opened on. */
  get isChanged(): boolean {
    return this.#isChanged;
  }

  /** It is all of the file that it was opened on, and more after it: as good to resume as a new file is. */
  get isExtension(): boolean {
    const { base } = this.#options;
    return base !== undefined && this.#least >= base.file.size && this.#filling.end > base.file.size;
  }

  async write(offset: number, bytes: Uint8Array, options: Abortable): Promise<void> {
    this.#least = Math.min(this.#least, offset);
    try {
      await this.#context(offset, bytes, options);
      this.#isChanged = true;
    } finally {
      this.#begun = true;
    }
  }

  async resize(size: number): Promise<void> {
    if (size === this.#length && this.#expected === undefined && this.#former === 0) return;
    const { end } = this.#filling;
    const isKept = size >= end || (await this.#filling.rewriting.cut(size));
    if (!isKept) {
      if (!this.#mayReturn(size)) {
        const why = `the store has ${end} already and takes none back; remove the file and send it again`;
        throw new TransferError("unsupported", `Cannot truncate "${this.#options.path}" to ${size} bytes: ${why}`);
      }
      await this.#filling.rewriting.rollBack(size);
    }
    this.#cut(size);
    this.#grown = size;
    if (!isKept) this.#former = end;
  }

  async goBack(size: number): Promise<void> {
    if (size >= this.size) return;
    this.#cut(size);
    if (size < this.#filling.end) await this.#filling.rewriting.rollBack(size);
  }

  /** Fill the gaps, when nothing more is to come. */
  async fill(options: Abortable): Promise<void> {
    const length = this.#length;
    while (this.#filling.end < length) {
      const next = Math.min(this.#early.first, length);
      await this.#takeBase(next, options);
      while (this.#filling.end < next) {
        await this.#filling.append(zeros.subarray(0, next - this.#filling.end), options);
      }
      await this.#takeEarly(options);
    }
  }

  /** @throws {TransferError} `incomplete` if more is missing than may be filled */
  refuseShort(): void {
    const { end } = this.#filling;
    const missing = `Cannot finish "${this.#options.path}": byte ${end}`;
    const former = `${this.#former} bytes of an earlier attempt came, and ${end} were sent again`;
    if (end < this.#former) throw new TransferError("incomplete", `${missing} has not come: ${former}`);
    const length = this.#length;
    if (this.#expected !== undefined && this.#expected !== length) {
      const fault = length < this.#expected ? "has not come" : "is one too many";
      throw new TransferError("incomplete", `${missing} of ${this.#expected} ${fault}`);
    }
    // What resumes an earlier attempt has lost bytes where it has a hole.
    const most = this.#options.isResumed ? 0 : mostZeros;
    if (this.#zeros > most) throw new TransferError("incomplete", `${missing} has not come of ${length}`);
  }

  [Symbol.dispose](): void {
    this.#early[Symbol.dispose]();
  }

  #cut(size: number): void {
    this.#least = Math.min(this.#least, size);
    this.#isChanged = true;
    this.#begun = true;
    this.#early.cut(size, Number.POSITIVE_INFINITY);
    this.#floor = Math.min(this.#floor, size);
    this.#grown = 0;
    this.#expected = undefined;
    this.#former = 0;
  }

  async #context(offset: number, bytes: Uint8Array, options: Abortable): Promise<void> {
    while (offset > this.#filling.end) {
      if (this.#mayWait(offset) && this.#early.add(offset, bytes)) return;
      // No more can wait: what the finished file has below goes in, up to the first that waits.
      const next = Math.min(offset, this.#early.first);
      if (next > this.#floor) throw this.#tooEarly(offset);
      await this.#takeBase(next, options);
      await this.#takeEarly(options);
    }
    const over = bytes.subarray(0, this.#filling.end - offset);
    if (over.length > 0) await this.#rewrite(offset, over);
    const more = bytes.subarray(over.length);
    this.#early.cut(this.#filling.end, this.#filling.end + more.length);
    await this.#filling.append(more, options);
    await this.#takeEarly(options);
  }

  /** Far ahead of the finished file and of all that came there would be more zeros than we publish. */
  #mayWait(offset: number): boolean {
    return offset - Math.max(this.#filling.end, this.#floor) <= (this.#options.isResumed ? windowSize : mostZeros);
  }

  async #rewrite(offset: number, bytes: Uint8Array): Promise<void> {
    if (await this.#filling.rewriting.rewrite(offset, bytes)) return;
    if (!this.#mayReturn(offset)) throw this.#tooLate(offset);
    this.#former = this.#filling.end;
    await this.#filling.rewriting.rollBack(offset);
    await this.#filling.append(bytes);
  }

  /** Who opens what is left of an attempt, and begins before its end, sends again what follows. */
  #mayReturn(offset: number): boolean {
    return this.#options.isResumed && !this.#begun && this.#filling.rewriting.isBoundary(offset);
  }

  async #takeEarly(options: Abortable): Promise<void> {
    for (let next = this.#early.take(this.#filling.end); next; next = this.#early.take(this.#filling.end)) {
      await this.#filling.append(next, options);
    }
  }

  async #takeBase(to: number, options: Abortable): Promise<void> {
    const { base } = this.#options;
    const end = Math.min(to, this.#floor);
    if (base && this.#filling.end < end) await this.#filling.takeBase(base, this.#filling.end, end, options);
  }

  /** How long the file is as its client sees it. */
  get #length(): number {
    return Math.max(this.#filling.end, this.#floor, this.#early.end, this.#grown);
  }

  /** How many bytes nobody wrote. */
  get #zeros(): number {
    const start = Math.max(this.#filling.end, this.#floor);
    return this.#length - start - this.#early.heldFrom(start);
  }

  #tooEarly(offset: number): TransferError {
    const { end } = this.#filling;
    return new TransferError("invalid", `Cannot write "${this.#options.path}" at ${offset}: the next byte is ${end}`);
  }

  #tooLate(offset: number): TransferError {
    const why = `the store already has these bytes and accepts no others; everything up to ${this.#filling.end} is kept`;
    return new TransferError("unsupported", `Cannot write "${this.#options.path}" at ${offset}: ${why}`);
  }
}
