/** What the server knows of the rows, and of uploads that this browser does not know. */

import type { NaruApi } from "../api.ts";
import { arrivedOf, serverRow } from "./recovery.ts";
import type { Row } from "./row.ts";
import type { RowJournal } from "./row-journal.ts";
import type { RowStore } from "./row-store.ts";

const askAgainMs = 2000;

export interface ServerRowsOptions {
  readonly api: NaruApi;
  readonly rowStore: RowStore;
  readonly journal: RowJournal;
}

/** Keeps the rows in step with the server. */
export class ServerRows {
  readonly #options: ServerRowsOptions;

  constructor(options: ServerRowsOptions) {
    this.#options = options;
  }

  /** Show what the server knows of and this browser does not. */
  async merge(): Promise<void> {
    const { api, rowStore, journal } = this.#options;
    const uploads = await api.mine();
    const kept = new Set((await journal.all()).map(({ uploadId }) => uploadId));
    const own = new Map([...rowStore.own.values()].map((row) => [row.id, row]));
    for (const upload of uploads) {
      const row = own.get(upload.id) ?? (upload.door ? undefined : this.#withoutId(upload.path, upload.size));
      if (row) {
        // A run that is under way knows better what is confirmed.
        if (row.running) row.expires = new Date(upload.expires);
        else row.applyServer(upload);
        rowStore.changed(row);
      } else if (!kept.has(upload.id)) rowStore.add(serverRow(upload));
    }
  }

  /** A row whose file has arrived needs it no more. Asked until the server answers; never rejects. */
  async findArrived(rows: readonly Row[]): Promise<void> {
    const { api, rowStore, journal } = this.#options;
    const waiting = rows.filter(({ state }) => state === "needs-file");
    const arrived = await arrivedOf(waiting, api).catch(() => undefined);
    if (arrived === undefined) {
      setTimeout(() => void this.findArrived(rows), askAgainMs);
      return;
    }
    // Meanwhile the file may have been chosen again.
    const found = arrived.filter(({ row }) => row.state === "needs-file");
    for (const { row, file } of found) {
      row.rest("done");
      row.confirmed = row.size;
      rowStore.changed(row);
      rowStore.arrived(file, row);
    }
    await journal.ended(found.map(({ row }) => row)).catch(() => undefined);
  }

  /** Find a row whose upload was made just before the browser was killed, so that the journal has no id of it. */
  #withoutId(path: string, size: number): Row | undefined {
    for (const row of this.#options.rowStore.own.values()) {
      if (row.id === undefined && row.path === path && row.size === size && !row.ended) return row;
    }
    return undefined;
  }
}
