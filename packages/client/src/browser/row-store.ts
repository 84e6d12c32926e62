/**
 * All rows that this tab shows: its own and those of other tabs. What changed goes out at most four times a second, but a
 * file that has arrived at once.
 */

import type { StoredFile } from "@naru/core";
import type { WholeFile } from "./history-notes.ts";
import type { Row } from "./row.ts";
import { RowTotals } from "./row-totals.ts";
import type { Tick, Totals, TransferRow } from "./transfers.ts";

const tickMs = 250;
const arrivedTickMs = 40;
/** A page takes in so many rows at once without stopping for as long as a person would see; the others follow at once. */
const rowsPerTick = 1000;

export interface RowStoreOptions {
  /** Takes what changed; `mine` are the changed rows that are this tab's own. */
  readonly onTick: (tick: Tick, mine: readonly TransferRow[]) => void;
  /** A file of this tab is whole, where it was to go. */
  readonly onWhole?: ((row: Row, file: WholeFile) => void) | undefined;
  /** After a rest a change is told so much later: what it is about may then begin before anybody draws it. Milliseconds. */
  readonly restMs?: number;
}

/** A row of another tab. */
export interface Mirrored {
  readonly from: string;
  readonly row: TransferRow;
}

/** The rows, and what of them is not told yet. */
export class RowStore {
  readonly own: Map<string, Row> = new Map();
  readonly mirrored: Map<string, Mirrored> = new Map();
  fallback: "cors" | undefined;
  readonly #onTick: RowStoreOptions["onTick"];
  readonly #onWhole: RowStoreOptions["onWhole"];
  readonly #restMs: number;
  readonly #changed = new Set<string>();
  readonly #removed = new Set<string>();
  readonly #totals = new RowTotals();
  #arrived: StoredFile[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;
  #due = Number.POSITIVE_INFINITY;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #summed: Totals | undefined;
  #summedAt = Number.NEGATIVE_INFINITY;

  constructor({ onTick, onWhole, restMs = 0 }: RowStoreOptions) {
    this.#restMs = restMs;
    this.#onTick = onTick;
    this.#onWhole = onWhole;
  }

  add(row: Row): void {
    this.mirrored.delete(row.key);
    this.own.set(row.key, row);
    this.#removed.delete(row.key);
    this.changed(row);
  }

  changed({ key }: Pick<Row, "key">): void {
    this.#changed.add(key);
    this.#plan();
  }

  remove(key: string): void {
    if (!this.own.delete(key) && !this.mirrored.delete(key)) return;
    this.#changed.delete(key);
    this.#totals.forget(key);
    this.#removed.add(key);
    this.#plan();
  }

  /** Tell of a file that has arrived, and its row of the path that it got. */
  arrived(file: StoredFile, row: Row): void {
    row.storedPath = file.path;
    this.#arrived.push(file);
    this.#onWhole?.(row, file);
    this.#plan(arrivedTickMs, 0);
  }

  /** Note that a file has been downloaded whole. */
  received(row: Row, file: WholeFile): void {
    this.#onWhole?.(row, file);
  }

  /** Count bytes that were sent, for the speed of all. */
  sent(bytes: number): void {
    this.#totals.sent(bytes);
    this.#plan();
  }

  /** Take over what another tab tells of its rows. */
  mirror(from: string, rows: readonly TransferRow[], removed: readonly string[]): void {
    for (const row of rows) {
      this.own.delete(row.key);
      this.#removed.delete(row.key);
      this.mirrored.set(row.key, { from, row: { ...row, elsewhere: true } });
      this.changed(row);
    }
    for (const key of removed) if (this.mirrored.get(key)?.from === from) this.remove(key);
  }

  /** Forget the rows of a tab that is gone. */
  forget(from: string): void {
    for (const [key, mirrored] of this.mirrored) if (mirrored.from === from) this.remove(key);
  }

  /** Tell now whatever has changed. */
  flush(): void {
    clearTimeout(this.#timer);
    do this.#tick();
    while (this.#changed.size > 0);
  }

  /** Tell so long after the last time, and not sooner than `restMs` from now. */
  #plan(afterMs: number = tickMs, restMs: number = this.#restMs): void {
    const now = performance.now();
    const due = Math.max(now + restMs, this.#reportedAt + afterMs);
    if (due >= this.#due) return;
    clearTimeout(this.#timer);
    this.#due = due;
    this.#timer = setTimeout(() => this.#tick(), due - now);
  }

  #tick(): void {
    this.#due = Number.POSITIVE_INFINITY;
    this.#reportedAt = performance.now();
    const mine: TransferRow[] = [];
    const theirs: TransferRow[] = [];
    for (const key of this.#changed) {
      if (mine.length + theirs.length >= rowsPerTick) break;
      this.#changed.delete(key);
      const row = this.own.get(key);
      if (row) mine.push(row.view());
      const other = this.mirrored.get(key);
      if (other) theirs.push(other.row);
    }
    const isMore = this.#changed.size > 0;
    const totals = this.#sum(isMore);
    const tick: Tick = { rows: [...mine, ...theirs], removed: [...this.#removed], totals, arrived: this.#arrived };
    this.#removed.clear();
    this.#arrived = [];
    this.#onTick(tick, mine);
    if (isMore) this.#plan(arrivedTickMs, 0);
    // The speed falls although nothing changes.
    else if (totals.speed > 0) this.#plan();
  }

  /** While more rows are to be told at once, the sum of a moment ago does. */
  #sum(mayBeOld: boolean): Totals {
    const now = performance.now();
    if (mayBeOld && this.#summed !== undefined && now - this.#summedAt < tickMs) return this.#summed;
    this.#summedAt = now;
    this.#summed = { ...this.#totals.of(this.own, this.mirrored), fallback: this.fallback };
    return this.#summed;
  }
}
