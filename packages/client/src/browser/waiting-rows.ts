/** Rows that wait for their turn. Of 100,000 each is found, taken and moved without looking at the others. */

import type { Row } from "./row.ts";

/** A queue of rows, the lowest `order` first. A row that does not wait any more is passed over when its turn comes. */
export class WaitingRows {
  #rows = new Set<Row>();
  /** It sees rows that are added behind it; what it has passed is gone from the set. */
  #turns: Iterator<Row> | undefined;
  #head: Row | undefined;
  #lastOrder = Number.NEGATIVE_INFINITY;
  #isSorted = true;
  readonly #isDue: (row: Row) => boolean;

  constructor({ isDue = () => true }: { readonly isDue?: (row: Row) => boolean } = {}) {
    this.#isDue = isDue;
  }

  push(row: Row): void {
    if (row === this.#head || this.#rows.has(row)) return;
    if (row.order < this.#lastOrder) this.#isSorted = false;
    else this.#lastOrder = row.order;
    this.#rows.add(row);
  }

  /** Rows have another `order` than before. */
  reorder(): void {
    this.#isSorted = false;
  }

  /** The row whose turn it is; it stays. */
  peek(): Row | undefined {
    if (!this.#isSorted) this.#sort();
    while (this.#head === undefined || this.#head.state !== "waiting" || !this.#isDue(this.#head)) {
      this.#turns ??= this.#rows.values();
      const { done, value } = this.#turns.next();
      if (done) {
        this.#turns = undefined;
        this.#head = undefined;
        this.#lastOrder = Number.NEGATIVE_INFINITY;
        return undefined;
      }
      this.#rows.delete(value);
      this.#head = value;
    }
    return this.#head;
  }

  /** Take the row whose turn it is. */
  shift(): Row | undefined {
    const row = this.peek();
    this.#head = undefined;
    return row;
  }

  #sort(): void {
    const rows = this.#head === undefined ? [...this.#rows] : [this.#head, ...this.#rows];
    this.#head = undefined;
    this.#turns = undefined;
    this.#rows = new Set(rows.sort((a, b) => a.order - b.order));
    this.#lastOrder = rows.at(-1)?.order ?? Number.NEGATIVE_INFINITY;
    this.#isSorted = true;
  }
}
