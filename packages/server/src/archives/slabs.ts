import { KiB } from "@naru/core";

type Bytes = Uint8Array<ArrayBuffer>;

/** The size of a slab, and the most that is asked for at once. */
export const slabSize: number = 512 * KiB;
const keptSlabs = 24;

/** Memory that is used again and again: what is read of files passes through it, and nothing else is left for the collector. */
export class Slabs {
  readonly #free: ArrayBuffer[] = [];
  readonly #own = new WeakSet<ArrayBuffer>();

  /** Take memory for so many bytes; a store may use it for what it reads. */
  take(size: number): Bytes {
    if (size > slabSize) return new Uint8Array(size);
    const slab = this.#free.pop() ?? new ArrayBuffer(slabSize);
    this.#own.add(slab);
    return new Uint8Array(slab, 0, size);
  }

  /** Give it back once its bytes are no longer needed. Memory of others is left alone. */
  give({ buffer }: Bytes): void {
    if (!this.#own.delete(buffer) || this.#free.length >= keptSlabs) return;
    this.#free.push(buffer);
  }
}
