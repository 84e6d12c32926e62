import { type Abortable, orAborted } from "@naru/core";

interface Waiter {
  resolve(): void;
  reject(reason: unknown): void;
}

/** Clients that wait for the end of a move. They may leave, and are told when it takes long; the move does not end with them. */
export class MoveWaiters {
  readonly #waiting = new Set<Waiter>();

  async wait({ signal }: Abortable): Promise<void> {
    const end = new Promise<void>((resolve, reject) => this.#waiting.add({ resolve, reject }));
    return orAborted(end, { signal });
  }

  resolve(): void {
    for (const { resolve } of this.#waiting) resolve();
  }

  reject(error: unknown): void {
    for (const { reject } of this.#waiting) reject(error);
    this.#waiting.clear();
  }
}
