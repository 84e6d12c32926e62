import type { Log } from "./log.ts";
import type { UploadLedger } from "./upload-ledger.ts";
import type { Uploads } from "./uploads.ts";

export interface ReaperOptions {
  readonly ledger: UploadLedger;
  readonly uploads: Uploads;
  readonly now: () => number;
  readonly log: Log;
}

/** Ends what has expired, at the store too. */
export class Reaper {
  readonly #options: ReaperOptions;

  constructor(options: ReaperOptions) {
    this.#options = options;
  }

  /** Drop what has expired by now; what cannot be dropped stays for the next time. */
  async reap(): Promise<void> {
    const { ledger, now } = this.#options;
    await this.#drop(await ledger.listExpired(now()), "upload expired");
  }

  /** Drop the whole bodies that an earlier process did not finish; only before this one begins. */
  async dropPiped(): Promise<void> {
    await this.#drop(await this.#options.ledger.listPiped(), "unfinished body dropped");
  }

  async #drop(rows: Awaited<ReturnType<UploadLedger["listExpired"]>>, message: string): Promise<void> {
    const { uploads, log } = this.#options;
    for (const row of rows) {
      try {
        await uploads.drop(row);
        log.info({ upload: row.id, owner: row.owner }, message);
      } catch (error) {
        log.warn({ upload: row.id, err: error }, "cannot drop an upload, trying again later");
      }
    }
  }
}
