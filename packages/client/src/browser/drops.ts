/**
 * Which files were chosen together. While one of them is on its way, or more are still being found, the journal also keeps
 * those that have arrived, so that after a reload the page can say how many of them did; with the last one all are forgotten.
 */

interface Drop {
  /** The folder is still being read. */
  isGrowing: boolean;
  readonly open: Set<string>;
  readonly arrived: Set<string>;
}

/** What a drop needs to know of a row. */
export interface DropRow {
  readonly key: string;
  /** Absent of a row that was chosen by nobody here. */
  readonly drop: string | undefined;
  readonly state: string;
}

export class Drops {
  readonly #drops = new Map<string, Drop>();

  /** Files of a drop are being found: it is not over, though all so far may arrive, until `allFound`. */
  grow(drop: string): void {
    this.#known(drop).isGrowing = true;
  }

  /** No more files of a drop will come: which keys the journal may forget. */
  allFound(drop: string): readonly string[] {
    this.#known(drop).isGrowing = false;
    return this.#close(drop);
  }

  /** Count rows in: those that are to be sent, and those that a reload brought back. */
  add(rows: Iterable<DropRow>): void {
    for (const { key, drop, state } of rows) {
      if (drop === undefined) continue;
      const known = this.#known(drop);
      (state === "done" ? known.arrived : known.open).add(key);
    }
  }

  /** Rows have arrived, or are no longer ours: which of them the journal keeps, and which keys it may forget. */
  end<T extends DropRow>(rows: readonly T[]): { readonly keep: readonly T[]; readonly forget: readonly string[] } {
    const forget: string[] = [];
    for (const { key, drop, state } of rows) {
      const known = drop === undefined ? undefined : this.#drops.get(drop);
      known?.open.delete(key);
      if (known && state === "done") known.arrived.add(key);
      else {
        known?.arrived.delete(key);
        forget.push(key);
      }
    }
    for (const name of new Set(rows.map(({ drop }) => drop))) {
      if (name !== undefined) forget.push(...this.#close(name));
    }
    const gone = new Set(forget);
    return { keep: rows.filter(({ key }) => !gone.has(key)), forget };
  }

  #known(drop: string): Drop {
    const known = this.#drops.get(drop) ?? { isGrowing: false, open: new Set(), arrived: new Set() };
    this.#drops.set(drop, known);
    return known;
  }

  /** Forget a drop that is over: its keys, or none while it is not. */
  #close(drop: string): readonly string[] {
    const known = this.#drops.get(drop);
    if (known === undefined || known.isGrowing || known.open.size > 0) return [];
    this.#drops.delete(drop);
    return [...known.arrived];
  }
}
