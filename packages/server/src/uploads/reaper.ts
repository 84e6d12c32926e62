import { expiryOf, isTransferError, renewalMs, type Store, type UnfinishedUpload } from "@naru/core";
import type { Log } from "../log.ts";
import type { UploadLedger } from "./upload-ledger.ts";
import type { Uploads } from "./uploads.ts";

export interface ReaperOptions {
  readonly store: Pick<Store, "unfinished">;
  readonly ledger: UploadLedger;
  readonly uploads: Uploads;
  readonly now: () => number;
  /** How long an upload lives without activity. */
  readonly ttlMs: number;
  readonly log: Log;
}

const hour = 60 * 60 * 1000;
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
   * End what lies at the store of uploads that the ledger does not know: a create that was cut before it was noted, a small
   * file half written, the uploads of a data folder that was lost, those of another server that works here no more. Looks once
   * an hour; what fails is logged.
   */
  async sweep(): Promise<void> {
    const { store, now, ttlMs, log } = this.#options;
    if (now() - this.#swept < hour) return;
    this.#swept = now();
    try {
      const before = new Date(now() - ttlMs - renewalMs(ttlMs));
      for await (const upload of store.unfinished?.({ before }) ?? []) {
        if (expiryOf(upload, ttlMs).getTime() < now()) await this.#end(upload);
      }
    } catch (error) {
      log.warn({ err: error }, "cannot look for unfinished uploads, trying again later");
    }
  }

  /** Drop the whole bodies that an earlier process did not finish; only before this one begins. */
  async dropPiped(): Promise<void> {
    await this.#drop(await this.#options.ledger.listPiped(), "unfinished body dropped");
  }

  async #end(upload: UnfinishedUpload): Promise<void> {
    const { ledger, log } = this.#options;
    // An id of a bucket is long, and says where files are.
    const fields = { path: upload.path, begun: upload.begun.toISOString(), installation: upload.owner?.installation };
    if (await ledger.knows(upload.id)) return;
    try {
      await upload.end();
      log.info(fields, "unfinished upload ended that no ledger knows");
    } catch (error) {
      log.warn({ ...fields, err: error }, "cannot end an unfinished upload, trying again later");
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
