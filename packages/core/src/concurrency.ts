/**
 * How many parts travel at once: more while that makes the whole faster, half when the far side or the line has had enough.
 *
 * @module
 */

const periodMs = 1000;
const calmMs = 2000;
const restMs = 5000;
const worthwhile = 1.1;
const patience = 5;

export interface ConcurrencyOptions {
  readonly most: number;
  readonly start: number;
  /** Called when there is room for more. */
  readonly onGrow?: (() => void) | undefined;
}

/** A window that climbs while goodput grows and halves on trouble. */
export class Concurrency {
  readonly #most: number;
  readonly #onGrow: () => void;
  #size: number;
  #best = 0;
  #dull = 0;
  #trial = 0;
  #bytes = 0;
  #since: number | undefined;
  #halved = Number.NEGATIVE_INFINITY;

  constructor({ most, start, onGrow = () => undefined }: ConcurrencyOptions) {
    this.#most = Math.max(1, most);
    this.#size = Math.min(Math.max(1, start), this.#most);
    this.#onGrow = onGrow;
  }

  /** How many parts may travel now. */
  get size(): number {
    return this.#size;
  }

  /** Count bytes that moved; `busy` tells that every place is taken, without which a rate says nothing. */
  moved(bytes: number, now: number, busy: boolean): void {
    if (!busy || this.#since === undefined) {
      this.#since = now;
      this.#bytes = 0;
      return;
    }
    this.#bytes += bytes;
    const elapsed = now - this.#since;
    if (elapsed < periodMs) return;
    this.#judge((this.#bytes * 1000) / elapsed, now);
    this.#since = now;
    this.#bytes = 0;
  }

  /** Fall to half, or to another share; a burst of failures counts once. */
  failed(now: number, share: number = 1 / 2): void {
    if (now - this.#halved < calmMs) return;
    this.#halved = now;
    this.#size = Math.max(1, Math.floor(this.#size * share));
    this.#best = 0;
    this.#dull = 0;
    this.#trial = 0;
    this.#since = undefined;
  }

  /** Keep what helped and try more; take back what did not, and look again after a while, since lines change. */
  #judge(rate: number, now: number): void {
    if (now - this.#halved < restMs) return;
    if (rate > this.#best * worthwhile) {
      this.#best = rate;
      this.#dull = 0;
      this.#grow(Math.ceil(this.#size / 2));
      return;
    }
    this.#size -= this.#trial;
    this.#trial = 0;
    this.#dull += 1;
    if (this.#dull < patience) return;
    this.#dull = 0;
    this.#best = rate;
    this.#grow(Math.ceil(this.#size / 4));
  }

  #grow(by: number): void {
    this.#trial = Math.min(by, this.#most - this.#size);
    this.#size += this.#trial;
    if (this.#trial > 0) this.#onGrow();
  }
}
