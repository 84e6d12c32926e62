import { isTransferError } from "@naru/core";
import type { Log } from "../log.ts";
import type { Leftover, LeftoverStore } from "../served-store.ts";
import type { UploadLedger } from "./upload-ledger.ts";
import type { Uploads } from "./uploads.ts";

export interface ReaperOptions {
  /** A bucket has no `leftovers`: its list of uploads does not tell ours from those of other programs. */
  readonly store: Partial<LeftoverStore>;
  readonly ledger: UploadLedger;
  readonly uploads: Uploads;
  readonly now: () => number;
  /** How long an upload lives without activity. */
  readonly ttlMs: number;
  readonly log: Log;
}

const hour = 60 * 60 * 1000;
/** How much longer than an upload may live, what no ledger knows is left alone. */
const grace = 24 * hour;
/** When the store failed so often, it is away: more questions would keep a start waiting. */
const mostFailures = 5;

/** Ends what has expired, at the store too. */
export class Reaper {
  readonly #options: ReaperOptions;
  #swept = Number.NEGATIVE_INFINITY;

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  /** Drop what has expired by now; what cannot be dropped stays for the next time. */
  async reap(): Promise<void> {
    const { ledger, now } = this.#options;
    await this.#drop(await ledger.listExpired(now()), "upload expired");
    await this.sweep();
  }

  /**
   * Remove what lies at the store of uploads that the ledger does not know: a create that was cut before it was noted, a
   * small file half written, the uploads of a data folder that was lost. Looks once an hour; what fails is logged.
   */
  async sweep(): Promise<void> {
    const { store, now, ttlMs, log } = this.#options;
    if (now() - this.#swept < hour) return;
    this.#swept = now();
    try {
      // Another server over the same store, with its own ledger, has ended by then what it knows and we do not.
      for await (const leftover of store.leftovers?.(new Date(now() - ttlMs - grace)) ?? []) {
        await this.#remove(leftover);
      }
    } catch (error) {
      log.warn({ err: error }, "cannot look for leftovers of uploads, trying again later");
    }
  }

  /** Drop the whole bodies that an earlier process did not finish; only before this one begins. */
  async dropPiped(): Promise<void> {
    await this.#drop(await this.#options.ledger.listPiped(), "unfinished body dropped");
  }

  async #remove(leftover: Leftover): Promise<void> {
    const { ledger, log } = this.#options;
    if (await ledger.knows(leftover.id)) return;
    try {
      await leftover.remove();
      log.info({ leftover: leftover.id }, "leftover of an upload removed");
    } catch (error) {
      log.warn({ leftover: leftover.id, err: error }, "cannot remove a leftover of an upload, trying again later");
    }
  }

  async #drop(rows: Awaited<ReturnType<UploadLedger["listExpired"]>>, message: string): Promise<void> {
    const { uploads, log } = this.#options;
    let failures = 0;
    for (const row of rows) {
      try {
        await uploads.drop(row);
        log.info({ upload: row.id, owner: row.owner }, message);
      } catch (error) {
        log.warn({ upload: row.id, err: error }, "cannot drop an upload, trying again later");
        if (isTransferError(error) && error.retryable) failures += 1;
        if (failures === mostFailures) return;
      }
    }
  }
}
