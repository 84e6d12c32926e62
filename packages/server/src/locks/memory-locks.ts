import type { Abortable } from "@naru/core";
import type { Held, Locks } from "./locks.ts";

/** Make locks that hold within this process: enough where one process serves from a database. */
export function memoryLocks(): Locks {
  return new MemoryLocks();
}

class MemoryLocks implements Locks {
  /** Who holds each key, and behind them who waits for it. */
  readonly #queues = new Map<string, Turn[]>();

  async run<T>(key: string, work: (held: Held) => Promise<T>, { signal }: Abortable = {}): Promise<T> {
    signal?.throwIfAborted();
    const turn = new Turn();
    const queue = this.#queues.get(key);
    if (queue === undefined) this.#queues.set(key, [turn]);
    else {
      queue.push(turn);
      queue[0]?.want();
      await this.#wait(key, turn, signal);
    }
    try {
      return await work(turn);
    } finally {
      this.#leave(key, turn);
    }
  }

  async #wait(key: string, turn: Turn, signal: AbortSignal | undefined): Promise<void> {
    const giveUp = (): void => {
      // Its turn came at this very moment: it holds the key, and what it does is its own to end.
      if (this.#queues.get(key)?.[0] === turn) return;
      this.#leave(key, turn);
      turn.refuse(signal?.reason);
    };
    signal?.addEventListener("abort", giveUp, { once: true });
    try {
      await turn.begun;
    } finally {
      signal?.removeEventListener("abort", giveUp);
    }
  }

  #leave(key: string, turn: Turn): void {
    const queue = this.#queues.get(key) ?? [];
    const at = queue.indexOf(turn);
    if (at >= 0) queue.splice(at, 1);
    const [first, ...others] = queue;
    if (first === undefined) this.#queues.delete(key);
    // Who waited in the middle and gave up changes nothing for the holder.
    else if (at === 0) first.begin({ wanted: others.length > 0 });
  }
}

/** One caller's turn under a key. */
class Turn implements Held {
  readonly begun: Promise<void>;
  #resolve: () => void = () => undefined;
  #reject: (reason: unknown) => void = () => undefined;
  #controller: AbortController | undefined;
  #isWanted = false;

  constructor() {
    this.begun = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Made when it is asked for: most work is short and never looks. */
  get wanted(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isWanted) this.#controller.abort();
    return this.#controller.signal;
  }

  want(): void {
    this.#isWanted = true;
    this.#controller?.abort();
  }

  begin({ wanted }: { readonly wanted: boolean }): void {
    if (wanted) this.want();
    this.#resolve();
  }

  refuse(reason: unknown): void {
    this.#reject(reason);
  }
}
