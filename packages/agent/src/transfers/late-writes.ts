/** Writes that must not keep what they tell of from happening: a full disk gets them as soon as it takes them. */

import { isDiskRefusal } from "../full-disk.ts";

const lookAgainMs = 1000;

/** What the journal is still to be told, by transfer. What ends the process first is found as the journal has it. */
export class LateWrites {
  readonly #owed = new Map<string, () => void>();
  #timer: NodeJS.Timeout | undefined;

  /** Write now, or once the disk has room; it takes the place of what was owed for this transfer. What else fails is thrown. */
  write(id: string, write: () => void): void {
    this.#owed.set(id, write);
    this.#pay(id, write);
    this.#keepOn();
  }

  /** Try what is owed, since there may be room now. */
  again(): void {
    for (const [id, write] of [...this.#owed]) this.#pay(id, write);
    this.#keepOn();
  }

  /** Try for the last time. */
  close(): void {
    this.again();
    this.#owed.clear();
    this.#keepOn();
  }

  #pay(id: string, write: () => void): void {
    try {
      write();
      this.#owed.delete(id);
    } catch (error) {
      if (isDiskRefusal(error)) return;
      this.#owed.delete(id);
      throw error;
    }
  }

  #keepOn(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#owed.size === 0 ? undefined : setTimeout(() => this.again(), lookAgainMs);
  }
}
