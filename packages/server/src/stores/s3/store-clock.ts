import { isTransferError } from "@naru/core";

/** Called when the store's clock and this machine's are found to differ, or to agree again; how far the store's is ahead. */
export type SkewListener = (skewMs: number) => void;

/** What differs by less is the line, or whole seconds. Stores take what is signed some minutes off. */
const tolerableMs = 60_000;
/** Of an answer that took longer it is not known when it was dated. */
const promptMs = 20_000;

/**
 * The time as the store has it. A signature is good only near it, so that a machine whose clock is wrong could do nothing:
 * the `Date` of the store's answers says how far it is off.
 */
export class StoreClock {
  readonly #local: () => number;
  readonly #listeners: SkewListener[] = [];
  #skewMs = 0;
  #corrections = 0;

  constructor(local: () => number = Date.now) {
    this.#local = local;
  }

  /** Milliseconds since 1970, at the store. */
  now(): number {
    return this.#local() + this.#skewMs;
  }

  /** How far the store's clock is ahead of this machine's; 0 while they agree. */
  get skewMs(): number {
    return this.#skewMs;
  }

  /** How often it was found to be another. */
  get corrections(): number {
    return this.#corrections;
  }

  onSkew(listener: SkewListener): void {
    this.#listeners.push(listener);
  }

  /** Begin to time an answer; give what is returned its `Date`, and its `Age` if a cache gave it one. */
  timing(): (date: string | undefined, age?: string) => void {
    const sent = this.#local();
    return (date, age) => {
      const received = this.#local();
      const dated = Date.parse(date ?? "");
      const isTelling = age === undefined && !Number.isNaN(dated) && received - sent < promptMs;
      if (isTelling) this.#correct(dated - received);
    };
  }

  /** Make a call of the store; once more, when its refusal showed that our time was wrong. */
  async again<T>(call: () => Promise<T>): Promise<T> {
    const before = this.#corrections;
    try {
      return await call();
    } catch (error) {
      if (before === this.#corrections || !isTransferError(error) || !untimely.includes(error.code)) throw error;
      return call();
    }
  }

  #correct(measured: number): void {
    const skewMs = Math.abs(measured) < tolerableMs ? 0 : measured;
    if (Math.abs(skewMs - this.#skewMs) < tolerableMs) return;
    this.#skewMs = skewMs;
    this.#corrections += 1;
    for (const listener of this.#listeners) listener(skewMs);
  }
}

/** How stores refuse what is signed at another time: as denied, or as expired. */
const untimely: readonly string[] = ["forbidden", "expired"];
