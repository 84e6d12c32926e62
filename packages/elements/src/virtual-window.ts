/** One row of a long list that is on the screen: which, and how far from the top. */
export interface Placed {
  readonly index: number;
  readonly top: number;
}

/** The few rows that a viewport shows of a long list whose heights are known without asking the page. */
export class VirtualWindow {
  #tops: Float64Array = new Float64Array(1);

  /** Measure `count` rows anew; `heightOf` is asked once for each. */
  measure(count: number, heightOf: (index: number) => number): void {
    const tops = new Float64Array(count + 1);
    for (let index = 0; index < count; index += 1) tops[index + 1] = (tops[index] ?? 0) + heightOf(index);
    this.#tops = tops;
  }

  /** The height of the whole list. */
  get height(): number {
    return this.#tops[this.#tops.length - 1] ?? 0;
  }

  /** The rows between `scrollTop` and the end of a viewport of `height`, and `overscan` more on both sides. */
  visible(scrollTop: number, height: number, { overscan = 6 }: { overscan?: number } = {}): Placed[] {
    const count = this.#tops.length - 1;
    const first = Math.max(0, this.#indexAt(scrollTop) - overscan);
    const last = Math.min(count - 1, this.#indexAt(scrollTop + height) + overscan);
    const placed: Placed[] = [];
    for (let index = first; index <= last; index += 1) placed.push({ index, top: this.#tops[index] ?? 0 });
    return placed;
  }

  /** The last row that begins at or above `y`, by bisection. */
  #indexAt(y: number): number {
    let low = 0;
    let high = Math.max(0, this.#tops.length - 2);
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#tops[middle] ?? 0) <= y) low = middle;
      else high = middle - 1;
    }
    return low;
  }
}
