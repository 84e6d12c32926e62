/** What of the rows is kept over reloads, and until when: files that were chosen together are let go together. */

import { Drops } from "./drops.ts";
import type { Journal, JournalEntry, MarkedEntry } from "./idb-journal.ts";
import { entryOf } from "./recovery.ts";
import type { Row } from "./row.ts";

/** Whose rows they are. */
export interface RowOwner {
  readonly user: string;
  /** This tab. */
  readonly tab: string;
}

/** The journal of this tab's rows. */
export class RowJournal {
  readonly #journal: Journal;
  readonly #owner: () => RowOwner;
  readonly #drops: Drops = new Drops();

  constructor(journal: Journal, owner: () => RowOwner) {
    this.#journal = journal;
    this.#owner = owner;
  }

  all(): Promise<readonly JournalEntry[]> {
    return this.#journal.all();
  }

  /** What a row is to the journal. */
  entryOf(row: Row): JournalEntry {
    const { user, tab } = this.#owner();
    return entryOf(row, user, tab);
  }

  /** More files of a drop are found. */
  grow(drop: string): void {
    this.#drops.grow(drop);
  }

  /** Rows of a drop are here. */
  add(rows: readonly Row[]): void {
    this.#drops.add(rows);
  }

  /** No more files of a drop are to come. */
  async allFound(drop: string): Promise<void> {
    await this.#journal.remove(this.#drops.allFound(drop));
  }

  /** Let rows come back after a reload. */
  async keep(rows: readonly Row[]): Promise<void> {
    for (const row of rows) row.kept = true;
    await this.#journal.put(rows.map((row) => this.entryOf(row)));
  }

  /** Note what is known by now of rows that are kept. */
  async mark(rows: readonly Row[]): Promise<void> {
    await this.#journal.mark(
      rows.map(({ key, digest, arrivedAs, state }) => ({ key, digest, arrivedAs, done: state === "done" })),
    );
  }

  /** Rows that have arrived, or are carried on elsewhere: the journal lets go of them when it may. */
  async ended(rows: readonly Row[]): Promise<void> {
    const { keep, forget } = this.#drops.end(rows);
    if (keep.length > 0) await this.mark(keep);
    if (forget.length > 0) await this.#journal.remove(forget);
  }

  /** Nobody wants these rows any more. */
  async forget(rows: readonly Row[]): Promise<void> {
    const { forget } = this.#drops.end(rows.map(({ key, drop }) => ({ key, drop, state: "forgotten" })));
    await this.#journal.remove(forget);
  }

  /** Take over the rows of a tab that is gone. */
  adopt(tab: string): Promise<readonly MarkedEntry[]> {
    return this.#journal.adopt(tab, this.#owner().tab);
  }

  /** Take adopted rows in: of what arrived whole nothing is left to say; the others are given back. */
  async take(rows: readonly Row[]): Promise<readonly Row[]> {
    this.#drops.add(rows);
    const { forget } = this.#drops.end(rows.filter(({ state }) => state === "done"));
    if (forget.length > 0) await this.#journal.remove(forget);
    const over = new Set(forget);
    return rows.filter(({ key }) => !over.has(key));
  }
}
