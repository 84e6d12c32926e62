import { TransferError } from "@naru/core";

type Bytes = Uint8Array<ArrayBufferLike>;

/** Reads so many bytes at a time from chunks of any size. */
export class ByteReader {
  readonly #chunks: AsyncIterator<Bytes, unknown>;
  #rest: Bytes = new Uint8Array(0);

  constructor(chunks: AsyncIterable<Bytes>) {
    this.#chunks = chunks[Symbol.asyncIterator]();
  }

  /** Take the next `length` bytes, copied. @throws {TransferError} `short-body` if there are fewer */
  async take(length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      const piece = await this.#next(length - filled);
      bytes.set(piece, filled);
      filled += piece.length;
    }
    return bytes;
  }

  /** The next `length` bytes as they come. */
  async *pieces(length: number): AsyncGenerator<Bytes, undefined> {
    let left = length;
    while (left > 0) {
      const piece = await this.#next(left);
      left -= piece.length;
      yield piece;
    }
    return undefined;
  }

  /** Expect that there is no more. @throws {TransferError} `long-body` */
  async end(): Promise<void> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) return;
      this.#rest = next.value;
    }
    throw new TransferError("long-body", "Cannot accept the body: it is too long");
  }

  /** Pass over the next `length` bytes. */
  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) left -= (await this.#next(left)).length;
  }

  async #next(most: number): Promise<Bytes> {
    while (this.#rest.length === 0) {
      const next = await this.#chunks.next();
      if (next.done) throw new TransferError("short-body", "Cannot accept the body: it ended early");
      this.#rest = next.value;
    }
    const piece = this.#rest.subarray(0, most);
    this.#rest = this.#rest.subarray(piece.length);
    return piece;
  }
}
