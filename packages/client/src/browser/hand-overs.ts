/**
 * Rows that the desktop agent may take over at the server, by a link that its user opens. Until it takes the lease, each
 * goes on as it was; from then on its row shows what the server says of its upload, until that has ended.
 */

import { defaultConflict, TransferError, toStoredFile } from "@naru/core";
import type { NaruApi } from "../api.ts";
import type { Row } from "./row.ts";
import type { RowJournal } from "./row-journal.ts";
import type { RowStore } from "./row-store.ts";

const lookMs = 2000;
/** A row in one of these may be taking the lease itself, and learns by that call that it was taken over. */
const takesLease: ReadonlySet<Row["state"]> = new Set(["checking", "offline"]);
/** An upload can be made for a row in one of these: nothing else makes it one. */
const rests: ReadonlySet<Row["state"]> = new Set(["waiting", "paused", "failed", "needs-file"]);

export interface HandOversOptions {
  readonly api: NaruApi;
  readonly rowStore: RowStore;
  readonly journal: Pick<RowJournal, "keep" | "ended">;
}

/** What becomes of a row that is offered. */
export interface HandOverEvents {
  /** Its upload is made: it may be sent from here again. */
  readonly onMade: (row: Row) => void;
  /** It is sent from here no more: others may have its turn. */
  readonly onTaken: (row: Row) => void;
}

/** The rows of this tab that are offered. */
export class HandOvers {
  readonly #options: HandOversOptions;
  /** Where the upload of each is to appear. */
  readonly #paths = new Map<Row, string>();
  readonly #listeners: HandOverEvents[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: HandOversOptions) {
    this.#options = options;
  }

  /** Hear what becomes of offered rows. */
  listen(events: HandOverEvents): void {
    this.#listeners.push(events);
  }

  /** Offer a row: its upload's id, which is made if need be; `undefined` while the row is just making it. */
  async handOverUpload(row: Row): Promise<string | undefined> {
    if (row.id === undefined && row.running === undefined && rests.has(row.state)) await this.#make(row);
    if (row.id === undefined || this.#paths.has(row)) return row.id;
    const { path, epoch } = await this.#options.api.get(row.id);
    row.epoch ??= epoch;
    this.#paths.set(row, path);
    this.#plan();
    return row.id;
  }

  /** Tell, before a row is sent from here, whether somebody else has taken it over or finished it. */
  async isTaken(row: Row): Promise<boolean> {
    if (!this.#paths.has(row)) return false;
    await this.#look(row);
    return row.elsewhere || row.ended;
  }

  /** Let go of an offered row whose lease is another's now, and follow it; false for a row that was not offered. */
  take(row: Row): boolean {
    if (!this.#paths.has(row)) return false;
    row.elsewhere = true;
    // What is under way would be sent twice.
    row.running?.pause();
    row.running = undefined;
    row.rest("uploading");
    this.#options.rowStore.changed(row);
    void this.#options.journal.ended([row]);
    for (const { onTaken } of this.#listeners) onTaken(row);
    return true;
  }

  /** Stop following a row that was taken: it is sent from here again, which takes the lease back. */
  takeBack(row: Row): void {
    row.elsewhere = false;
    // Whoever has the lease now is whom it is taken from.
    row.epoch = undefined;
  }

  async #make(row: Row): Promise<void> {
    const { api, rowStore, journal } = this.#options;
    const { state, error, needs, path, size, type, lastModified } = row;
    const back = (): void => {
      if (state !== "waiting") row.rest(state, { error, needs });
      else for (const { onMade } of this.#listeners) onMade(row);
      rowStore.changed(row);
    };
    // Meanwhile nobody begins to send it.
    row.rest("checking");
    try {
      const modified = lastModified === undefined ? undefined : new Date(lastModified).toISOString();
      const { id, epoch } = await api.create({ path, size, type, modified, conflict: defaultConflict.upload });
      // Somebody cancelled it meanwhile.
      if (row.state !== "checking") return await api.abort(id);
      row.id = id;
      row.epoch = epoch;
      await journal.keep([row]);
      back();
    } catch (error) {
      if (row.state === "checking") back();
      throw error;
    }
  }

  #plan(): void {
    if (this.#timer !== undefined || this.#paths.size === 0) return;
    this.#timer = setTimeout(async () => {
      await Promise.all([...this.#paths.keys()].map((row) => this.#lookAt(row)));
      this.#timer = undefined;
      this.#plan();
    }, lookMs);
  }

  async #lookAt(row: Row): Promise<void> {
    if (this.#options.rowStore.own.get(row.key) !== row || row.ended) this.#paths.delete(row);
    // What cannot be asked now is asked again.
    else if (row.elsewhere || !takesLease.has(row.state)) await this.#look(row).catch(() => undefined);
  }

  async #look(row: Row): Promise<void> {
    const { api, rowStore } = this.#options;
    const { id = "", state } = row;
    const upload = await api.get(id).catch((error: unknown) => {
      if (error instanceof TransferError && error.code === "not-found") return undefined;
      throw error;
    });
    if (row.state !== state) return;
    if (upload === undefined) return this.#ended(row);
    row.epoch ??= upload.epoch;
    if (!row.elsewhere && (upload.epoch ?? 0) > (row.epoch ?? 0)) this.take(row);
    if (row.elsewhere) row.applyServer(upload);
    rowStore.changed(row);
  }

  /** Its upload is gone: the file is there, or somebody has cancelled it. */
  async #ended(row: Row): Promise<void> {
    const { api, rowStore, journal } = this.#options;
    const { state } = row;
    const file = await api.stat(this.#paths.get(row) ?? row.path);
    if (row.state !== state) return;
    this.#paths.delete(row);
    const isThere = file?.size === row.size;
    // One that nobody has taken begins anew, as ever.
    if (!isThere && !row.elsewhere) return;
    row.elsewhere = false;
    row.running = undefined;
    row.rest(isThere ? "done" : "cancelled");
    if (isThere) {
      row.confirmed = row.size;
      rowStore.arrived(toStoredFile(file), row);
    }
    rowStore.changed(row);
    void journal.ended([row]);
  }
}
