/** Frees at the far side what cancelled and removed transfers left there. */

import { isDiskRefusal } from "../full-disk.ts";
import type { LiveTransfer } from "./live-transfer.ts";
import type { OpenStore } from "./open-store.ts";
import { abandon } from "./send-job.ts";
import type { TransferRows } from "./transfer-rows.ts";
import type { TransferEntry } from "./transfer-table.ts";

const patienceMs = 20_000;
/** By then a server has swept what nobody went on with. */
const longestMs = 14 * 24 * 3_600_000;

export interface PendingAbortsOptions {
  readonly rows: TransferRows;
  readonly openStore: OpenStore;
  readonly log: (line: string) => void;
}

/** The uploads that are being forgotten. */
export class PendingAborts {
  readonly #options: PendingAbortsOptions;
  readonly #underWay = new Set<Promise<void>>();
  readonly #stopped = new AbortController();

  constructor(options: PendingAbortsOptions) {
    this.#options = options;
  }

  /** Free what the far side has of a cancelled transfer; when that cannot be reached, the next start tries again. */
  abort(live: LiveTransfer): void {
    const { rows, log } = this.#options;
    const { id, upload } = live.entry;
    this.#forget(live.entry, (gone) => {
      if (!gone) log(`transfer ${id} could not be aborted at the destination`);
      else if (!rows.has(live)) rows.forget(id);
      else if (live.entry.upload === upload) ifRoom(() => rows.save(live, { upload: undefined }));
    });
  }

  /** Try anew to free what a removed transfer left at a far side that did not answer then. */
  abortAgain(entry: TransferEntry): void {
    const { rows } = this.#options;
    const { id, removed = 0 } = entry;
    if (Date.now() - removed > longestMs) {
      rows.forget(id);
      return;
    }
    this.#forget(entry, (gone) => {
      if (gone) rows.forget(id);
    });
  }

  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all(this.#underWay);
  }

  /** Forget an upload; `ended` is told whether it is gone. It is one try. */
  #forget({ to, upload }: TransferEntry, ended: (gone: boolean) => void): void {
    if (upload === undefined) return;
    const signal = AbortSignal.any([this.#stopped.signal, AbortSignal.timeout(patienceMs)]);
    const work = abandon({ to, upload }, this.#options.openStore, { signal })
      .then(
        () => ended(true),
        () => ended(false),
      )
      .finally(() => this.#underWay.delete(work));
    this.#underWay.add(work);
  }
}

/** Write down what is found out again when it is forgotten. */
function ifRoom(write: () => void): void {
  try {
    write();
  } catch (error) {
    if (!isDiskRefusal(error)) throw error;
  }
}
