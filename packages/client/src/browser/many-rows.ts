/** What is done with many rows at once: all of them, or those that were chosen together. */

import type { Row } from "./row.ts";
import type { RowJournal } from "./row-journal.ts";
import type { RowStore } from "./row-store.ts";
import type { SendQueue } from "./send-queue.ts";
import type { GroupVerb } from "./transfers.ts";
import type { AllRowsVerb, ManyRowsCall } from "./worker-messages.ts";

export interface ManyRowsOptions {
  readonly rowStore: Pick<RowStore, "own" | "changed" | "remove">;
  readonly journal: Pick<RowJournal, "forget">;
  readonly sending: Pick<SendQueue, "kick" | "reorder">;
  readonly pause: (row: Row) => void;
  readonly resume: (row: Row) => Promise<void>;
  readonly cancel: (row: Row) => Promise<void>;
}

/** The rows of this tab, taken together. */
export class ManyRows {
  readonly #options: ManyRowsOptions;

  constructor(options: ManyRowsOptions) {
    this.#options = options;
  }

  async call(call: ManyRowsCall): Promise<void> {
    if (call.verb === "move") return this.#move(call.unit, call.order);
    if (call.verb === "group") return this.#withGroup(call.group, call.does);
    this.#withAll(call.verb);
  }

  get #rows(): Row[] {
    return [...this.#options.rowStore.own.values()];
  }

  #withAll(verb: AllRowsVerb): void {
    const { rowStore, journal, pause } = this.#options;
    if (verb === "pauseAll") for (const row of this.#rows) pause(row);
    else if (verb === "resumeAll") this.#resume(this.#rows.filter(({ state }) => state === "paused"));
    else if (verb === "retryAll") this.#resume(this.#rows.filter(mayRetry));
    else {
      const ended = this.#rows.filter(({ state }) => state === "done" || state === "cancelled");
      for (const { key } of ended) rowStore.remove(key);
      void journal.forget(ended);
    }
  }

  async #withGroup(group: string, verb: GroupVerb): Promise<void> {
    const rows = this.#rows.filter(({ drop }) => drop === group);
    if (verb === "pause") for (const row of rows) this.#options.pause(row);
    else if (verb === "resume") this.#resume(rows.filter(({ state }) => state === "paused"));
    else if (verb === "retry") this.#resume(rows.filter(mayRetry));
    else await this.#cancel(rows);
  }

  /** What cannot go on shows it in its row. */
  #resume(rows: readonly Row[]): void {
    for (const row of rows) void this.#options.resume(row).catch(() => undefined);
  }

  /** First what has not begun, so that nothing of it begins meanwhile. */
  async #cancel(rows: readonly Row[]): Promise<void> {
    const { rowStore, journal, sending, cancel } = this.#options;
    const open = rows.filter(({ state }) => state !== "done" && state !== "cancelled");
    const fresh = open.filter(({ running, id }) => !running && id === undefined);
    for (const row of fresh) {
      row.rest("cancelled");
      rowStore.changed(row);
    }
    await journal.forget(fresh);
    const begun = open.filter(({ running, id }) => running || id !== undefined);
    // One after another: what fails keeps its row as it is, and the rest go.
    for (const row of begun) await cancel(row).catch(() => undefined);
    sending.kick();
  }

  /** Let a row, or all rows of a group, have another place in the queue. */
  #move(unit: string, order: number): void {
    const { rowStore, sending } = this.#options;
    for (const row of this.#rows.filter(({ key, drop }) => key === unit || drop === unit)) {
      // Files of one order keep the order that they have among themselves.
      row.order = order;
      rowStore.changed(row);
    }
    sending.reorder();
  }
}

/** Trying again with a changed file would fail again. */
function mayRetry({ state, error }: Row): boolean {
  return state === "failed" && error?.code !== "file-changed";
}
