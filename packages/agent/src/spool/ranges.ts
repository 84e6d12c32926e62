/** A set of bytes, as ranges that neither touch nor overlap. */

import type { ByteRange } from "@naru/core";

/** Ranges that grow together. */
export class Ranges {
  #ranges: ByteRange[] = [];

  add({ start, end }: ByteRange): void {
    const apart = this.#ranges.filter((range) => range.end < start || range.start > end);
    const met = this.#ranges.filter((range) => range.end >= start && range.start <= end);
    const union = {
      start: Math.min(start, ...met.map((range) => range.start)),
      end: Math.max(end, ...met.map((range) => range.end)),
    };
    this.#ranges = [...apart, union];
  }

  /** Tell whether every byte of a range is in the set. */
  covers({ start, end }: ByteRange): boolean {
    return this.#ranges.some((range) => range.start <= start && range.end >= end);
  }

  clear(): void {
    this.#ranges = [];
  }
}
