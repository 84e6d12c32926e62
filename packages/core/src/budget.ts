/**
 * The budget of bytes in flight: what bounds the memory of a process.
 *
 * @module
 */

import type { Budget } from "./engine.ts";
import type { Abortable } from "./store.ts";

interface Waiter {
  readonly bytes: number;
  grant(): void;
}

/** Make a budget of `bytes` in flight; who waits is served in order. */
export function bytesBudget(bytes: number): Budget {
  return new BytesBudget(bytes);
}

class BytesBudget implements Budget {
  readonly #total: number;
  readonly #waiters: Waiter[] = [];
  #used = 0;

  constructor(total: number) {
    this.#total = total;
  }

  async take(bytes: number, { signal }: Abortable = {}): Promise<() => void> {
    signal?.throwIfAborted();
    if (this.#waiters.length === 0 && this.#fits(bytes)) return this.#grant(bytes);
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        reject(signal?.reason);
        this.#serve();
      };
      const waiter: Waiter = {
        bytes,
        grant: () => {
          signal?.removeEventListener("abort", stop);
          resolve(this.#grant(bytes));
        },
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiters.push(waiter);
    });
  }

  #fits(bytes: number): boolean {
    return this.#used === 0 || this.#used + bytes <= this.#total;
  }

  #grant(bytes: number): () => void {
    let held = bytes;
    this.#used += bytes;
    return () => {
      this.#used -= held;
      held = 0;
      this.#serve();
    };
  }

  #serve(): void {
    for (let next = this.#waiters[0]; next !== undefined && this.#fits(next.bytes); next = this.#waiters[0]) {
      this.#waiters.shift();
      next.grant();
    }
  }
}
