import type { Body } from "@naru/core";
import type { PartInMemory } from "./hash-thread.ts";
import { type Allotment, type Block, blockSize } from "./memory.ts";

/** Bytes of a part that lie in a hidden file, since memory was short or a client left. */
export interface Piece {
  readonly path: string;
  readonly size: number;
}

export type ReadPiece = (piece: Piece) => Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;

/** One part while it fills: first what was put aside, then what is in memory. Its body can be read again and again. */
export class PartBuffer {
  readonly number: number;
  readonly offset: number;
  readonly pieces: Piece[];
  readonly #allotment: Allotment;
  readonly #blocks: Block[] = [];
  #inMemory = 0;
  #target: number;

  constructor(
    allotment: Allotment,
    context: { readonly number: number; readonly offset: number; readonly target: number },
    pieces: readonly Piece[] = [],
  ) {
    this.#allotment = allotment;
    this.number = context.number;
    this.offset = context.offset;
    this.#target = context.target;
    this.pieces = [...pieces];
  }

  /** How large it is to become. */
  get target(): number {
    return this.#target;
  }

  get size(): number {
    return this.aside + this.#inMemory;
  }

  get end(): number {
    return this.offset + this.size;
  }

  /** Bytes that lie in hidden files. */
  get aside(): number {
    return this.pieces.reduce((sum, { size }) => sum + size, 0);
  }

  get inMemory(): number {
    return this.#inMemory;
  }

  /** How many blocks of memory it has. */
  get blocks(): number {
    return this.#blocks.length;
  }

  get isFull(): boolean {
    return this.size >= this.target;
  }

  /** Copy as many bytes as fit into what is there; how many were taken. Zero asks for a block, unless it is full. */
  append(bytes: Uint8Array): number {
    const room = Math.min(this.#blocks.length * blockSize - this.#inMemory, this.target - this.size, bytes.length);
    if (room <= 0) return 0;
    this.#copy(this.#inMemory, bytes.subarray(0, room));
    this.#inMemory += room;
    return room;
  }

  /** Take all of `chunks`, in blocks that `take` gives; false if it gives none. */
  async fill(chunks: AsyncIterable<Uint8Array>, take: () => Promise<Block | undefined>): Promise<boolean> {
    for await (const chunk of chunks) {
      for (let left = chunk; left.length > 0; ) {
        const taken = this.append(left);
        left = left.subarray(taken);
        if (taken > 0) continue;
        const block = this.isFull ? undefined : await take();
        if (block === undefined) return false;
        this.add(block);
      }
    }
    return true;
  }

  /** A part that was full fills further, as the last one. */
  reopen(target: number): void {
    this.#target = target;
  }

  add(block: Block): void {
    this.#blocks.push(block);
  }

  /** Write over the bytes at `offset` (of the file); false if they are not in memory. */
  rewrite(offset: number, bytes: Uint8Array): boolean {
    const at = offset - this.offset - this.aside;
    if (at < 0 || at + bytes.length > this.#inMemory) return false;
    this.#copy(at, bytes);
    return true;
  }

  /** Forget the bytes from `offset` (of the file) on; false if that is not in memory. */
  cut(offset: number): boolean {
    const left = offset - this.offset - this.aside;
    if (left < 0 || left > this.#inMemory) return false;
    this.#inMemory = left;
    for (const block of this.#blocks.splice(Math.ceil(left / blockSize))) this.#allotment.give(block);
    return true;
  }

  /** What is in memory, to be hashed. */
  get held(): PartInMemory {
    const blocks = this.#blocks.slice(0, Math.ceil(this.#inMemory / blockSize));
    return { blocks, size: this.#inMemory, offset: this.offset + this.aside };
  }

  /** What is in memory, as a body. */
  memoryBody(): Body {
    return { size: this.#inMemory, stream: () => streamOf(this.#chunks()), chunks: () => this.#chunks() };
  }

  /** The whole part, as a body. */
  body(read: ReadPiece): Body {
    if (this.pieces.length === 0) return this.memoryBody();
    return { size: this.size, stream: () => streamOf(this.#everything(read)) };
  }

  /** The bytes in memory now lie in `piece`. */
  moved(piece: Piece): void {
    this.pieces.push(piece);
    this.release();
  }

  /** Give the memory back. */
  release(): void {
    for (const block of this.#blocks.splice(0)) this.#allotment.give(block);
    this.#inMemory = 0;
  }

  /** The bytes in memory, chunk by chunk. */
  *#chunks(): Generator<Uint8Array<ArrayBuffer>, void> {
    for (let at = 0; at < this.#inMemory; at += blockSize) {
      const block = this.#blocks[at / blockSize];
      if (block) yield block.subarray(0, Math.min(blockSize, this.#inMemory - at));
    }
  }

  async *#everything(read: ReadPiece): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
    for (const piece of [...this.pieces]) yield* await read(piece);
    yield* this.#chunks();
  }

  #copy(from: number, bytes: Uint8Array): void {
    let done = 0;
    for (const [span, length] of this.#spans(from, bytes.length)) {
      span.set(bytes.subarray(done, done + length));
      done += length;
    }
  }

  *#spans(from: number, length: number): Generator<readonly [Block, number], void> {
    let at = from;
    while (at < from + length) {
      const start = at % blockSize;
      const size = Math.min(blockSize - start, from + length - at);
      const block = this.#blocks[Math.floor(at / blockSize)];
      if (block) yield [block.subarray(start, start + size), size];
      at += size;
    }
  }
}

function streamOf(
  chunks: AsyncGenerator<Uint8Array<ArrayBuffer>, void> | Generator<Uint8Array<ArrayBuffer>, void>,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await chunks.next();
        if (next.done) controller.close();
        else controller.enqueue(next.value);
      },
      async cancel() {
        await chunks.return();
      },
    },
    { highWaterMark: 0 },
  );
}
