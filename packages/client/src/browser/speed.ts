/** How fast bytes leave, over all transfers. */

const memoryMs = 3000;
/** Too short a time tells nothing. */
const leastMs = 250;

/** Bytes per second while something moves; true from the start, since it counts no time before that. */
export class Speed {
  #bytes = 0;
  #elapsedMs = 0;
  #at: number | undefined;

  add(bytes: number): void {
    this.#fade();
    if (bytes > 0) this.#bytes += bytes;
  }

  /** Bytes per second now; what is too little to speak of is 0. */
  now(): number {
    this.#fade();
    const rate = this.#elapsedMs < leastMs ? 0 : (this.#bytes * 1000) / this.#elapsedMs;
    return rate < 100 ? 0 : rate;
  }

  /** Forget: nothing moves. */
  reset(): void {
    this.#bytes = 0;
    this.#elapsedMs = 0;
    this.#at = undefined;
  }

  #fade(): void {
    const now = performance.now();
    const passed = now - (this.#at ?? now);
    const kept = Math.exp(-passed / memoryMs);
    this.#at = now;
    this.#bytes *= kept;
    this.#elapsedMs = this.#elapsedMs * kept + memoryMs * (1 - kept);
  }
}
