/**
 * The sum of all rows. Progress is that of the batch: the rows that were open together, from the first that opened until
 * the next one opens after all have ended, and those that were chosen with them: of a large folder the first may have
 * arrived before the last are found. What ended before, or waits for somebody, says nothing of what is on its way.
 */

import type { Row } from "./row.ts";
import { Speed } from "./speed.ts";
import type { Totals, TransferRow } from "./transfers.ts";

type Counted = Pick<TransferRow, "key" | "state" | "size" | "confirmed" | "inFlight" | "elsewhere"> &
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

/** Adds rows up, and remembers which of them belong together. */
export class RowTotals {
  readonly #speed = new Speed();
  #batch: ReadonlySet<string> = new Set();
  /** Some row of this page has been on its way. */
  #wasOpen = false;
  /** What was of an earlier batch. */
  #past: ReadonlySet<string> = new Set();

  /** Count bytes that were sent. */
  sent(bytes: number): void {
    this.#speed.add(bytes);
  }

  /** Add up the rows of this tab and of others. */
  of(own: Iterable<Row>, mirrored: Iterable<{ readonly row: TransferRow }>): Totals {
    const mine = [...own];
    const theirs = [...mirrored].map(({ row }) => row);
    const isOpen = this.#begin(mine, theirs);
    const sum = { active: 0, elsewhere: 0, waiting: 0, done: 0, failed: 0, needsFile: 0 };
    const bytes = { size: 0, confirmed: 0, inFlight: 0 };
    const isCounted = ({ key, state }: Counted): boolean =>
      // While nothing is on its way, what waits for somebody counts too.
      this.#batch.size === 0 || this.#batch.has(key) || (!isOpen && state !== "done");
    let left = 0;
    for (const row of [...mine, ...theirs]) {
      const { state, size, confirmed } = row;
      if (state === "cancelled") continue;
      const counter = counterOf[state];
      const counted = isCounted(row);
      if (counted || counter !== "done") sum[counter] += 1;
      if (row.elsewhere && counter === "active") sum.elsewhere += 1;
      if (!counted) continue;
      bytes.size += size;
      bytes.confirmed += confirmed;
      // What was on its way when a transfer stopped is sent again.
      if (state === "uploading" || state === "downloading") bytes.inFlight += row.inFlight;
      if (counter === "active" || state === "waiting") left += size - confirmed;
    }
    const speed = this.#speedOf(mine) + theirs.reduce((all, row) => all + row.speed, 0);
    const secondsLeft = speed > 0 && left > 0 ? left / speed : undefined;
    return { ...sum, ...bytes, speed, secondsLeft, mayClose: !mine.some((row) => row.sending) };
  }

  /** Take up what has opened; the first one after all have ended begins a new batch. Whether any row is open. */
  #begin(mine: readonly Counted[], theirs: readonly Counted[]): boolean {
    const kept = new Set<string>();
    const past = new Set<string>();
    const joined: string[] = [];
    const opened: Counted[] = [];
    const drops = new Set<string | undefined>();
    let goesOn = false;
    for (const [index, row] of [...mine, ...theirs].entries()) {
      const { key, state, drop } = row;
      if (state === "cancelled") continue;
      const isOpen = counterOf[state] === "active" || counterOf[state] === "waiting";
      if (this.#batch.has(key)) {
        kept.add(key);
        if (drop !== undefined) drops.add(drop);
        goesOn ||= isOpen;
      } else if (isOpen) opened.push(row);
      else if (this.#past.has(key)) past.add(key);
      // It had arrived before a reload, and belongs to what is on its way now.
      else if (state === "done" && index < mine.length) joined.push(key);
    }
    goesOn ||= opened.some(({ drop }) => drops.has(drop));
    const isNew = opened.length > 0 && !goesOn && this.#wasOpen;
    this.#wasOpen ||= opened.length > 0;
    this.#past = isNew ? new Set([...past, ...kept]) : past;
    this.#batch = new Set([...(isNew ? [] : kept), ...joined, ...opened.map(({ key }) => key)]);
    return goesOn || opened.length > 0;
  }

  #speedOf(mine: readonly Row[]): number {
    if (mine.some(({ state, elsewhere }) => moving.has(state) && !elsewhere)) return this.#speed.now();
    this.#speed.reset();
    return 0;
  }
}
