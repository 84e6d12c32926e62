import { MiB } from "@naru/core";
import type { BlockPool } from "./memory.ts";

/** How many bytes may wait before their turn: the largest window that clients use. */
export const windowSize: number = 16 * MiB;
/** What a run costs beside its bytes, so that single bytes cannot be many. */
const runCost = 512;

interface Run {
  readonly offset: number;
  readonly bytes: Uint8Array;
}

/** Bytes that came before their turn, until what lies before them is there. Of two writes of one byte the later counts. */
export class EarlyBytes implements Disposable {
  readonly #pool: BlockPool;
  /** In order, and none overlaps another. */
  #runs: Run[] = [];
  #held = 0;
  /** What of it the pool knows. */
  #charged = 0;

  constructor(pool: BlockPool) {
    this.#pool = pool;
  }

  get empty(): boolean {
    return this.#runs.length === 0;
  }

  /** Where the first begin; infinite if there are none. */
  get first(): number {
    return this.#runs[0]?.offset ?? Number.POSITIVE_INFINITY;
  }

  /** Where the last end. */
  get end(): number {
    const last = this.#runs.at(-1);
    return last === undefined ? 0 : endOf(last);
  }

  /** Keep a copy of bytes for later; false if there is no room. */
  add(offset: number, bytes: Uint8Array): boolean {
    const run = { offset, bytes: bytes.slice() };
    if (this.#held + costOf(run) > windowSize || !this.#charge(costOf(run))) return false;
    this.cut(offset, offset + bytes.length);
    this.#runs.splice(this.#indexAt(offset), 0, run);
    return true;
  }

  /** Take the run that begins exactly at `end`. */
  take(end: number): Uint8Array | undefined {
    const [first] = this.#runs;
    if (first?.offset !== end) return undefined;
    this.#runs.shift();
    this.#charge(-costOf(first));
    return first.bytes;
  }

  /** Forget the bytes from `start` up to `end`. */
  cut(start: number, end: number): void {
    let at = this.#indexAt(start);
    const before = this.#runs[at - 1];
    if (before && endOf(before) > start) at -= 1;
    const gone: Run[] = [];
    const left: Run[] = [];
    for (let run = this.#runs[at]; run && run.offset < end; run = this.#runs[at + gone.length]) {
      gone.push(run);
      // Copies: a few bytes must not keep all that they came with.
      if (run.offset < start) left.push({ ...run, bytes: run.bytes.slice(0, start - run.offset) });
      if (endOf(run) > end) left.push({ offset: end, bytes: run.bytes.slice(end - run.offset) });
    }
    if (gone.length === 0) return;
    this.#runs.splice(at, gone.length, ...left);
    this.#charge(sumOf(left) - sumOf(gone));
  }

  /** How far bytes reach without a hole from `start` on. */
  reach(start: number): number {
    let end = start;
    for (const run of this.#runs) {
      if (run.offset > end) break;
      end = Math.max(end, endOf(run));
    }
    return end;
  }

  /** How many bytes beyond `start` there are. */
  heldFrom(start: number): number {
    return this.#runs.reduce((sum, run) => sum + Math.max(0, Math.min(run.bytes.length, endOf(run) - start)), 0);
  }

  [Symbol.dispose](): void {
    this.#runs = [];
    this.#charge(-this.#held);
  }

  /** Where in the list a run that begins at `offset` belongs. */
  #indexAt(offset: number): number {
    let [low, high] = [0, this.#runs.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#runs[middle]?.offset ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Account for more or less; false if the pool has no room for more. */
  #charge(more: number): boolean {
    if (more > 0 && !this.#pool.holdEarly(more)) return false;
    if (more > 0) this.#charged += more;
    this.#held += more;
    const back = Math.max(0, this.#charged - this.#held);
    this.#charged -= back;
    this.#pool.holdEarly(-back);
    return true;
  }
}

function endOf({ offset, bytes }: Run): number {
  return offset + bytes.length;
}

function costOf({ bytes }: Run): number {
  return bytes.length + runCost;
}

function sumOf(runs: readonly Run[]): number {
  return runs.reduce((sum, run) => sum + costOf(run), 0);
}
