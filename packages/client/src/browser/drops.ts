/**
 * Which files were chosen together. While one of them is on its way the journal also keeps those that have arrived, so that
 * after a reload the page can say how many of them did; with the last one all are forgotten.
 */

interface Drop {
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

  /** Count rows in: those that are to be sent, and those that a reload brought back. */
  add(rows: Iterable<DropRow>): void {
    for (const { key, drop, state } of rows) {
      if (drop === undefined) continue;
      const known = this.#drops.get(drop) ?? { open: new Set(), arrived: new Set() };
      this.#drops.set(drop, known);
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
      const known = name === undefined ? undefined : this.#drops.get(name);
      if (name === undefined || known === undefined || known.open.size > 0) continue;
      forget.push(...known.arrived);
      this.#drops.delete(name);
    }
    const gone = new Set(forget);
    return { keep: rows.filter(({ key }) => !gone.has(key)), forget };
  }
}
