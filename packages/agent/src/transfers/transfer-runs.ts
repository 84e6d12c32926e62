/** Whose turn it is: begins what may begin, and stops it. */

import type { LiveRunOptions } from "./live-run.ts";
import { runLive } from "./live-run.ts";
import type { LiveSpools } from "./live-spools.ts";
import type { LiveTransfer } from "./live-transfer.ts";
import { serverOf } from "./read-destination.ts";
import type { TransferRows } from "./transfer-rows.ts";

export interface TransferRunsOptions extends Pick<LiveRunOptions, "openStore" | "throttled" | "log"> {
  readonly rows: TransferRows;
  readonly spools: LiveSpools;
  /** How many may run now; 0 outside the hours. */
  readonly atOnce: () => number;
}

/** The runs under way. */
export class TransferRuns {
  readonly #options: TransferRunsOptions;
  #isClosed = false;
  /** While it is above 0 nothing begins. */
  #held = 0;

  constructor(options: TransferRunsOptions) {
    this.#options = options;
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Begin what may begin: what waits for a far side that does not answer keeps no other from its turn. */
  fill(): void {
    const { rows, atOnce } = this.#options;
    const most = atOnce();
    if (this.#isClosed || this.#held > 0) return;
    const silent = new Set(rows.all.filter(({ isOffline }) => isOffline).map(({ entry }) => serverOf(entry.to)));
    let running = rows.all.filter(({ run, isUnfed, isOffline }) => run !== undefined && !isUnfed && !isOffline).length;
    for (const live of rows.all) {
      if (running >= most) return;
      const isSpooling = live.entry.way !== "direct" && live.spool === undefined;
      if (live.entry.state !== "go" || live.run !== undefined || live.isIdle || isSpooling) continue;
      // One that asks is enough.
      if (silent.has(serverOf(live.entry.to))) continue;
      this.#start(live);
      running += 1;
    }
  }

  /** Begin nothing before `act` has ended. */
  async hold<T>(act: () => Promise<T>): Promise<T> {
    this.#held += 1;
    try {
      return await act();
    } finally {
      this.#held -= 1;
      this.fill();
    }
  }

  /** Resolves when nothing of it is open any more. */
  async stop(live: LiveTransfer): Promise<void> {
    live.run?.stop();
    await live.run?.over;
  }

  /** Stop all, and begin nothing any more. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#options.rows.all.map((live) => this.stop(live)));
  }

  #start(live: LiveTransfer): void {
    const controller = new AbortController();
    const { rows, spools, openStore, throttled, log } = this.#options;
    const over = runLive(live, {
      openStore,
      throttled,
      log,
      signal: controller.signal,
      save: (change) => rows.save(live, change),
      notify: () => rows.notify(live),
      onReach: () => this.fill(),
      dropSpool: () => spools.drop(live),
    }).finally(() => {
      live.run = undefined;
      rows.notify(live);
      this.fill();
    });
    live.run = { stop: () => controller.abort(new DOMException("The transfer is stopped", "AbortError")), over };
    log(`transfer ${live.entry.id} begins`);
    rows.notify(live);
  }
}
