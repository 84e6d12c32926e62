import { type ChunkPool, chunkSize } from "./chunk-pool.ts";

/** So long may bytes lie here that somebody waits for: on a slow line a full chunk takes too long for a sign of life. */
const patienceMs = 100;

/** A body of a known length, on its way from a socket to who asks for its chunks. */
export class CountedBody {
  readonly #pool: ChunkPool;
  readonly #onRoom: () => void;
  #left: number;
  #filling: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;
  /** So many of these bytes have been handed over as copies. */
  #copied = 0;
  #ready: Uint8Array<ArrayBuffer>[] = [];
  #failure: { readonly reason: unknown } | undefined;
  #waiting: (() => void) | undefined;
  #late: NodeJS.Timeout | undefined;

  /** `onRoom` is called when there is room again, after `took` has said that there is none. */
  constructor(length: number, { pool, onRoom }: { readonly pool: ChunkPool; readonly onRoom: () => void }) {
    this.#left = length;
    this.#pool = pool;
    this.#onRoom = onRoom;
  }

  /** Bytes that are still to come from the socket. */
  get left(): number {
    return this.#left;
  }

  /** Where the next bytes are to be put; never empty while any are to come. */
  room(): Uint8Array<ArrayBuffer> {
    this.#filling ??= this.#pool.take();
    return this.#filling.subarray(this.#filled, Math.min(chunkSize, this.#filled + this.#left));
  }

  /** Say that so many bytes were put into the room; whether more are welcome now. */
  took(count: number): boolean {
    this.#filled += count;
    this.#left -= count;
    const isAwaited = this.#waiting !== undefined;
    if (this.#filled === chunkSize || this.#left === 0) this.#handOver();
    else this.#expect();
    return isAwaited || this.#ready.length === 0;
  }

  /** No more will come. What has come is handed over before that is told. */
  fail(reason: unknown): void {
    if (this.#left === 0 || this.#failure !== undefined) return;
    this.#failure = { reason };
    this.#handOver();
  }

  /** The chunks; their memory may be given back to the pool. @throws what `fail` was called with */
  async *chunks(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    for (;;) {
      const chunk = this.#ready.shift();
      if (chunk !== undefined) {
        this.#onRoom();
        yield chunk;
      } else if (this.#failure !== undefined) {
        throw this.#failure.reason;
      } else if (this.#left === 0) {
        return;
      } else {
        await new Promise<void>((resolve) => {
          this.#waiting = resolve;
          this.#expect();
        });
      }
    }
  }

  #expect(): void {
    if (this.#waiting === undefined || this.#filled === this.#copied || this.#late !== undefined) return;
    this.#late = setTimeout(() => this.#handOverLate(), patienceMs);
  }

  /** A copy: the socket goes on filling the chunk from where it is. */
  #handOverLate(): void {
    this.#late = undefined;
    const chunk = this.#filling?.slice(this.#copied, this.#filled);
    if (chunk !== undefined) this.#ready.push(chunk);
    this.#copied = this.#filled;
    this.#wake();
  }

  /** The chunk is full, or nothing comes after it. */
  #handOver(): void {
    clearTimeout(this.#late);
    this.#late = undefined;
    const filling = this.#filling;
    const chunk = filling?.subarray(this.#copied, this.#filled);
    // A few bytes are copied, so that they do not hold the memory of many.
    const isLarge = chunk !== undefined && chunk.length > chunkSize / 2;
    if (chunk !== undefined && chunk.length > 0) this.#ready.push(isLarge ? chunk : chunk.slice());
    if (filling !== undefined && !isLarge) this.#pool.giveBack(filling);
    this.#filling = undefined;
    this.#filled = 0;
    this.#copied = 0;
    this.#wake();
  }

  #wake(): void {
    this.#waiting?.();
    this.#waiting = undefined;
  }
}
