/**
 * Speed, smoothed.
 *
 * @module
 */

const memoryMs = 5000;

/** Bytes per second, where what happened five seconds ago counts a third. */
export class Speed {
  #bytes = 0;
  #elapsed = 0;
  #at: number | undefined;

  /** Count bytes that moved by `now`. */
  add(bytes: number, now: number): void {
    this.#fade(now);
    this.#bytes += bytes;
  }

  /** Tell the speed at `now`, in bytes per second. */
  at(now: number): number {
    this.#fade(now);
    return this.#elapsed < 100 ? 0 : (this.#bytes * 1000) / this.#elapsed;
  }

  /** Forget, as after a pause. */
  reset(): void {
    this.#bytes = 0;
    this.#elapsed = 0;
    this.#at = undefined;
  }

  #fade(now: number): void {
    const passed = now - (this.#at ?? now);
    const kept = Math.exp(-passed / memoryMs);
    this.#at = now;
    this.#bytes *= kept;
    this.#elapsed = this.#elapsed * kept + memoryMs * (1 - kept);
  }
}
