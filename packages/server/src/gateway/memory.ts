import { type Abortable, KiB, MiB, orAborted } from "@naru/core";

export type Block = Uint8Array<ArrayBuffer>;

export const blockSize: number = 256 * KiB;
/** What each arrival may always hold, however many there are, so that all go on. */
const leastBlocks = 4;
/** Beyond it, as much as a part has at least on S3, while there is any: what is smaller could only be put into a hidden file. */
const partBlocks = (5 * MiB) / blockSize;
/** One arrival alone may hold this share of the whole: a half. */
const largestShare = 2;

/** What one arrival holds without need, beyond its share, as long as there is memory that nobody wants. */
export interface Spare {
  /** How many blocks that is. */
  blocks(): number;
  /** Give some of it back; false if there is none. */
  release(): boolean;
  /** Some of what it needs travels, and comes back when it has arrived. */
  travels(): boolean;
}

const nothingToSpare: Spare = { blocks: () => 0, release: () => false, travels: () => false };

/** The memory of all arrivals of a process, in blocks that are used again and again. */
export class BlockPool {
  readonly #limit: number;
  readonly #free: Block[] = [];
  readonly #waiting = new Set<() => void>();
  readonly #spares = new Set<Spare>();
  #used = 0;
  #sharers = 0;
  #early = 0;

  /** @param bytes what all arrivals together may hold */
  constructor(bytes: number) {
    this.#limit = Math.max(leastBlocks, Math.floor(bytes / blockSize));
  }

  /** Begin to take part; `[Symbol.dispose]` gives everything back. */
  allot(spare: Spare = nothingToSpare): Allotment {
    this.#sharers += 1;
    this.#spares.add(spare);
    return new Allotment({
      take: (held) => this.#take(held - spare.blocks(), spare),
      give: (block) => this.#give(block),
      wait: (options) => this.#wait(options),
      wake: () => this.#wake(),
      travels: () => this.#isEnough && [...this.#spares].some((other) => other.travels()),
      leave: () => this.#leave(spare),
    });
  }

  /** Bytes in use now. */
  get held(): number {
    return this.#used * blockSize + this.#early;
  }

  /** Account for bytes that came before their turn; false when those of all arrivals are too many. */
  holdEarly(bytes: number): boolean {
    if (bytes > 0 && this.#early + bytes > (this.#limit * blockSize) / 3) return false;
    this.#early += bytes;
    return true;
  }

  #take(held: number, own: Spare): Block | undefined {
    if (this.#used >= this.#limit) this.#reclaim(own);
    if (held >= leastBlocks && (held >= this.#share || this.#used >= this.#limit)) return undefined;
    this.#used += 1;
    return this.#free.pop() ?? newBlock();
  }

  /** Have back what somebody holds without need. */
  #reclaim(own: Spare): void {
    if (own.release()) return;
    for (const spare of this.#spares) if (spare.release()) return;
  }

  /** Half of those here can have a part at once. More share evenly, lest the last to come write a hidden file of each MiB. */
  get #isEnough(): boolean {
    return (this.#sharers / 2) * partBlocks <= this.#limit;
  }

  get #share(): number {
    const least = this.#isEnough ? partBlocks : leastBlocks;
    return Math.max(least, this.#limit / Math.max(this.#sharers, largestShare));
  }

  #give(block: Block): void {
    this.#used -= 1;
    if (this.#free.length < this.#limit) this.#free.push(block);
    this.#wake();
  }

  #wake(): void {
    for (const wake of this.#waiting) wake();
    this.#waiting.clear();
  }

  #wait({ signal }: Abortable): Promise<void> {
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
      this.#waiting.add(wake);
    });
    return orAborted(woken, { signal }).finally(() => this.#waiting.delete(wake));
  }

  #leave(spare: Spare): void {
    this.#sharers -= 1;
    this.#spares.delete(spare);
    // Nobody is here: what was needed at the busiest moment goes back to the system, but for what the next one may hold. Shared
    // memory is given back only when the whole heap is collected, which is seldom: made anew for each file, it would pile up.
    const kept = Math.floor(this.#limit / largestShare);
    if (this.#sharers === 0 && this.#free.length > kept) this.#free.length = kept;
    this.#wake();
  }
}

/** Shared, so that another thread can hash it where it is. */
function newBlock(): Block {
  // Who only reads, writes and sends bytes sees no difference; what does (TextDecoder, Blob) is not given blocks.
  return new Uint8Array(new SharedArrayBuffer(blockSize)) as Uint8Array as Block;
}

interface Source {
  take(held: number): Block | undefined;
  give(block: Block): void;
  wait(options: Abortable): Promise<void>;
  leave(): void;
  wake(): void;
  travels(): boolean;
}

/** What one arrival holds of the pool. */
export class Allotment implements Disposable {
  readonly #source: Source;
  readonly #held = new Set<Block>();
  #left = false;

  constructor(source: Source) {
    this.#source = source;
  }

  /** A block, or `undefined` when this arrival has its share. */
  take(): Block | undefined {
    const block = this.#source.take(this.#held.size);
    if (block) this.#held.add(block);
    return block;
  }

  /** Some of what it holds became spare: who waits for blocks may find some. */
  spared(): void {
    this.#source.wake();
  }

  give(block: Block): void {
    if (this.#held.delete(block)) this.#source.give(block);
  }

  /** Somebody has a part on its way, whose blocks come back, and they will do for a part. */
  get isAwaited(): boolean {
    return this.#source.travels();
  }

  /** Wait until anybody gave something back. */
  wait(options: Abortable = {}): Promise<void> {
    return this.#source.wait(options);
  }

  [Symbol.dispose](): void {
    if (this.#left) return;
    this.#left = true;
    for (const block of [...this.#held]) this.give(block);
    this.#source.leave();
  }
}
