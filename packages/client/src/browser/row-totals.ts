/**
 * The sum of all rows. Progress is that of the batch: the rows that were open together, from the first that opened until
 * the next one opens after all have ended, and those that were chosen with them: of a large folder the first may have
 * arrived before the last are found. What ended before, or waits for somebody, says nothing of what is on its way.
 */

import type { Row } from "./row.ts";
import { Speed } from "./speed.ts";
import type { Totals, TransferRow } from "./transfers.ts";

type Counted = Pick<TransferRow, "key" | "state" | "size" | "confirmed" | "inFlight" | "elsewhere" | "direction"> &
  Partial<Pick<Row, "drop">>;
type Counter = "active" | "waiting" | "done" | "failed" | "needsFile";

const counterOf: Readonly<Record<Exclude<TransferRow["state"], "cancelled">, Counter>> = {
  scanning: "active",
  checking: "active",
  uploading: "active",
  downloading: "active",
  paused: "waiting",
  offline: "active",
  verifying: "active",
  waiting: "waiting",
  done: "done",
  failed: "failed",
  "needs-file": "needsFile",
};
/** In these a row's bytes move, or are about to. */
const moving: ReadonlySet<TransferRow["state"]> = new Set([
  "scanning",
  "checking",
  "uploading",
  "downloading",
  "verifying",
]);

/** Adds rows up, and remembers which of them belong together. Of 100,000 it copies none. */
export class RowTotals {
  readonly #speed = new Speed();
  readonly #batch = new Set<string>();
  /** What was of an earlier batch. */
  readonly #past = new Set<string>();
  /** Some row of this page has been on its way. */
  #wasOpen = false;

  /** Count bytes that were sent. */
  sent(bytes: number): void {
    this.#speed.add(bytes);
  }

  /** A row is gone. */
  forget(key: string): void {
    this.#batch.delete(key);
    this.#past.delete(key);
  }

  /** Add up the rows of this tab and of others. */
  of(own: ReadonlyMap<string, Row>, mirrored: ReadonlyMap<string, { readonly row: TransferRow }>): Totals {
    const isOpen = this.#begin(own, mirrored);
    const sum = { active: 0, down: 0, elsewhere: 0, waiting: 0, done: 0, failed: 0, needsFile: 0 };
    const bytes = { size: 0, confirmed: 0, inFlight: 0 };
    const all = { left: 0, theirSpeed: 0, mayClose: true, moves: false };
    const count = (row: Counted): void => {
      const { key, state, size, confirmed } = row;
      if (state === "cancelled") return;
      const counter = counterOf[state];
      // While nothing is on its way, what waits for somebody counts too.
      const counted = this.#batch.size === 0 || this.#batch.has(key) || (!isOpen && state !== "done");
      if (counted || counter !== "done") sum[counter] += 1;
      if (row.elsewhere && counter === "active") sum.elsewhere += 1;
      if (row.direction === "down" && (counter === "active" || counter === "waiting")) sum.down += 1;
      if (!counted) return;
      bytes.size += size;
      bytes.confirmed += confirmed;
      // What was on its way when a transfer stopped is sent again.
      if (state === "uploading" || state === "downloading") bytes.inFlight += row.inFlight;
      if (counter === "active" || state === "waiting") all.left += size - confirmed;
    };
    for (const row of own.values()) {
      count(row);
      all.mayClose &&= !row.sending;
      all.moves ||= moving.has(row.state) && !row.elsewhere;
    }
    for (const { row } of mirrored.values()) {
      count(row);
      all.theirSpeed += row.speed;
    }
    const speed = this.#speedNow(all.moves) + all.theirSpeed;
    const secondsLeft = speed > 0 && all.left > 0 ? all.left / speed : undefined;
    return { ...sum, ...bytes, speed, secondsLeft, mayClose: all.mayClose };
  }

  /** Take up what has opened; the first one after all have ended begins a new batch. Whether any row is open. */
  #begin(own: ReadonlyMap<string, Row>, mirrored: ReadonlyMap<string, { readonly row: TransferRow }>): boolean {
    const joined: string[] = [];
    const opened: { readonly key: string; readonly drop: string | undefined }[] = [];
    const drops = new Set<string | undefined>();
    let goesOn = false;
    const look = ({ key, state, drop }: Counted, isOwn: boolean): void => {
      if (state === "cancelled") {
        this.forget(key);
        return;
      }
      const isOpen = counterOf[state] === "active" || counterOf[state] === "waiting";
      if (this.#batch.has(key)) {
        if (drop !== undefined) drops.add(drop);
        goesOn ||= isOpen;
      } else if (isOpen) opened.push({ key, drop });
      // It had arrived before a reload, and belongs to what is on its way now.
      else if (state === "done" && isOwn && !this.#past.has(key)) joined.push(key);
    };
    for (const row of own.values()) look(row, true);
    for (const { row } of mirrored.values()) look(row, false);
    goesOn ||= opened.some(({ drop }) => drops.has(drop));
    const isNew = opened.length > 0 && !goesOn && this.#wasOpen;
    this.#wasOpen ||= opened.length > 0;
    if (isNew) {
      for (const key of this.#batch) this.#past.add(key);
      this.#batch.clear();
    }
    for (const { key } of opened) this.#past.delete(key);
    for (const key of joined) this.#batch.add(key);
    for (const { key } of opened) this.#batch.add(key);
    return goesOn || opened.length > 0;
  }

  #speedNow(moves: boolean): number {
    if (moves) return this.#speed.now();
    this.#speed.reset();
    return 0;
  }
}
