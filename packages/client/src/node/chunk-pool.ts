import { MiB } from "@naru/core";

/** Bytes of a chunk: as much as is written to a disk at once. */
export const chunkSize: number = MiB;

const mostSpare = 32;

/** Memory for what is received: large, so that it is used again and not collected. */
export class ChunkPool {
  readonly #spare: ArrayBuffer[] = [];
  readonly #lent = new WeakSet<ArrayBufferLike>();

  /** Lend a chunk. Whoever does not give it back has it for good. */
  take(): Uint8Array<ArrayBuffer> {
    const memory = this.#spare.pop() ?? new ArrayBuffer(chunkSize);
    this.#lent.add(memory);
    return new Uint8Array(memory);
  }

  /** Take back the memory of which `chunk` is a part, all of it. What is not of this pool is left alone. */
  giveBack({ buffer }: Uint8Array): void {
    if (!(buffer instanceof ArrayBuffer) || !this.#lent.delete(buffer)) return;
    if (this.#spare.length < mostSpare) this.#spare.push(buffer);
  }
}
