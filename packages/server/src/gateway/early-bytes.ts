import { MiB, TransferError } from "@naru/core";
import type { BlockPool } from "./memory.ts";

/** How far ahead of the first missing byte a write may lie: the largest window that clients use. */
const windowSize = 16 * MiB;

/** Bytes that came before their turn, until the hole before them is filled. */
export class EarlyBytes implements Disposable {
  readonly #pool: BlockPool;
  readonly #waiting = new Map<number, Uint8Array>();
  #held = 0;

  constructor(pool: BlockPool) {
    this.#pool = pool;
  }

  get empty(): boolean {
    return this.#waiting.size === 0;
  }

  /** Where the hole ends, for messages. */
  get first(): number {
    return Math.min(...this.#waiting.keys());
  }

  /**
   * Keep a copy of bytes for later.
   *
   * @throws {TransferError} `invalid` if the hole or what waits behind it is larger than the window
   */
  add(offset: number, bytes: Uint8Array, { expected, path }: { expected: number; path: string }): void {
    const before = this.#waiting.get(offset);
    if (before !== undefined && before.length >= bytes.length) return;
    const more = bytes.length - (before?.length ?? 0);
    const far = offset + bytes.length - expected > windowSize || this.#held + more > windowSize;
    if (far || !this.#pool.holdEarly(more)) {
      throw new TransferError("invalid", `Cannot write "${path}" at ${offset}: it is to go on at ${expected}`);
    }
    this.#held += more;
    this.#waiting.set(offset, bytes.slice());
  }

  /** Take what goes on at `end`, without what lies before it. */
  take(end: number): Uint8Array | undefined {
    for (const [offset, bytes] of this.#waiting) {
      if (offset > end) continue;
      this.#drop(offset, bytes);
      if (offset + bytes.length > end) return bytes.subarray(end - offset);
    }
    return undefined;
  }

  [Symbol.dispose](): void {
    for (const [offset, bytes] of this.#waiting) this.#drop(offset, bytes);
  }

  #drop(offset: number, bytes: Uint8Array): void {
    this.#waiting.delete(offset);
    this.#held -= bytes.length;
    this.#pool.holdEarly(-bytes.length);
  }
}
