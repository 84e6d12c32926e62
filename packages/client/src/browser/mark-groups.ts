/** Which rows have their marks in one entry of the journal, and when that entry has no row left. */

interface Group {
  readonly key: string;
  left: number;
}

/** The entries of marks that this tab has to let go of. */
export class MarkGroups {
  readonly #groups = new Map<string, Group>();

  /** The marks of these rows are in entry `key` now: the entries that nobody needs any more. */
  put(key: string, rows: readonly string[]): readonly string[] {
    const empty = this.drop(rows);
    const group: Group = { key, left: rows.length };
    for (const row of rows) this.#groups.set(row, group);
    return empty;
  }

  /** Nobody asks for the marks of these rows: the entries that nobody needs any more. */
  drop(rows: readonly string[]): readonly string[] {
    const empty: string[] = [];
    for (const row of rows) {
      const group = this.#groups.get(row);
      if (group === undefined) continue;
      this.#groups.delete(row);
      group.left -= 1;
      if (group.left === 0) empty.push(group.key);
    }
    return empty;
  }
}
