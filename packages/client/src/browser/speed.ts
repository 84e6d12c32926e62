/** How fast bytes leave, over all transfers. */

const halfLifeMs = 3000;

/** A smoothed rate that forgets. */
export class Speed {
  #bytes = 0;
  #at = performance.now();
  #rate = 0;

  add(bytes: number): void {
    if (bytes > 0) this.#bytes += bytes;
  }

  /** Bytes per second now; what is too little to speak of is 0. */
  now(): number {
    const now = performance.now();
    const ms = now - this.#at;
    if (ms >= 100) {
      const keep = 0.5 ** (ms / halfLifeMs);
      this.#rate = this.#rate * keep + (this.#bytes / ms) * 1000 * (1 - keep);
      this.#bytes = 0;
      this.#at = now;
    }
    return this.#rate < 100 ? 0 : this.#rate;
  }
}
