/** What is done with many rows at once: all of them, or those that were chosen together. */

import type { DownloadLoader } from "./download-loader.ts";
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
  readonly downloads: Pick<DownloadLoader, "clear">;
  readonly call: (row: Row, verb: GroupVerb) => Promise<void>;
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
    if (verb === "pauseAll") this.#each("pause", this.#rows);
    else if (verb === "resumeAll") this.#each("resume", this.#rows.filter(isPaused));
    else if (verb === "retryAll") this.#each("retry", this.#rows.filter(mayRetry));
    else this.#clear();
  }

  async #withGroup(group: string, verb: GroupVerb): Promise<void> {
    const rows = this.#rows.filter(({ drop }) => drop === group);
    if (verb === "pause") this.#each(verb, rows);
    else if (verb === "resume") this.#each(verb, rows.filter(isPaused));
    else if (verb === "retry") this.#each(verb, rows.filter(mayRetry));
    else await this.#cancel(rows);
  }

  /** What cannot go on shows it in its row. */
  #each(verb: GroupVerb, rows: readonly Row[]): void {
    for (const row of rows) void this.#options.call(row, verb).catch(() => undefined);
  }

  #clear(): void {
    const { rowStore, journal, downloads } = this.#options;
    const ended = this.#rows.filter(({ state }) => state === "done" || state === "cancelled");
    for (const { key } of ended) rowStore.remove(key);
    void journal.forget(ended.filter(({ direction }) => direction !== "down"));
    void downloads.clear(ended.filter(({ direction }) => direction === "down"));
  }

  /** First what has not begun, so that nothing of it begins meanwhile. */
  async #cancel(rows: readonly Row[]): Promise<void> {
    const { rowStore, journal, sending, call } = this.#options;
    const open = rows.filter(({ state }) => state !== "done" && state !== "cancelled");
    const fresh = open.filter((row) => !hasBegun(row));
    for (const row of fresh) {
      row.rest("cancelled");
      rowStore.changed(row);
    }
    await journal.forget(fresh);
    // One after another: what fails keeps its row as it is, and the rest go.
    for (const row of open.filter(hasBegun)) await call(row, "cancel").catch(() => undefined);
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

/** Whether somebody else has to hear that it is cancelled. */
function hasBegun({ running, id, direction }: Row): boolean {
  return running !== undefined || id !== undefined || direction === "down";
}

function isPaused({ state }: Row): boolean {
  return state === "paused";
}

/** Trying again with a changed file would fail again. */
function mayRetry({ state, error }: Row): boolean {
  return state === "failed" && error?.code !== "file-changed";
}
