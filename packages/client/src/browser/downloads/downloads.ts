/**
 * The downloads of one tab: what is fetched when, and what becomes of it. Loaded when there is the first.
 *
 * @module
 */

import { type Budget, TransferError, type WakeOptions, type WireFile } from "@naru/core";
import type { NaruApi } from "../../api.ts";
import type { Hasher } from "../hasher.ts";
import { Row } from "../row.ts";
import type { RowStore } from "../row-store.ts";
import { randomId } from "../tab-locks.ts";
import type { Call, FromWorker } from "../worker-messages.ts";
import { targetIn } from "./chosen-folder.ts";
import { Download } from "./download.ts";
import { type ChosenFolder, type DownloadEntry, DownloadJournal } from "./download-journal.ts";
import { DownloadQueue } from "./download-queue.ts";
import { recovered } from "./recovered-download.ts";
import { Staging } from "./staging.ts";
import { walk } from "./tree-walk.ts";

const filesTogether = 200;
/** The browser copies what it saves, and does not tell when it has: so long, and longer for a large file, it is kept. */
const keptForMs = 10 * 60_000;
const slowCopyPerMs = 10_000;

export interface DownloadsOptions {
  readonly api: NaruApi;
  readonly user: string;
  /** This tab. */
  readonly tab: string;
  readonly database: string;
  readonly hashes: Pick<Hasher, "digest">;
  readonly rowStore: RowStore;
  /** What the browser's connections carry, known once the server has answered. */
  readonly lane: Promise<{ readonly connections: number; readonly budget: Budget }>;
  /** The speed that all downloads are held to together. */
  readonly bytesPerSecond: () => number | undefined;
  readonly post: (message: FromWorker) => void;
}

export class Downloads {
  readonly #options: DownloadsOptions;
  readonly #journal: DownloadJournal;
  readonly #staging: Staging | undefined;
  readonly #all = new Map<string, Download>();
  readonly #queue: DownloadQueue;

  private constructor(options: DownloadsOptions, journal: DownloadJournal, staging: Staging | undefined) {
    this.#options = options;
    this.#journal = journal;
    this.#staging = staging;
    const { api, rowStore, bytesPerSecond, hashes, lane } = options;
    this.#queue = new DownloadQueue({
      api,
      rowStore,
      bytesPerSecond,
      context: async () => ({ api, hashes, journal, staging: this.#mustHave(), ...(await lane) }),
      folderOf: async ({ entry: { place } }) => place && journal.folder(place.id),
      onWhole: (download, file) => (file ? this.#save(download, file) : journal.remove([download.entry.key])),
    });
  }

  static async open(options: DownloadsOptions): Promise<Downloads> {
    const journal = await DownloadJournal.open(options.user, options.database);
    const staging = await Staging.open().catch(() => undefined);
    void staging?.sweep(() => journal.keys());
    return new Downloads(options, journal, staging);
  }

  /** The tabs that own downloads of this user. */
  owners(): Promise<readonly string[]> {
    return this.#journal.owners();
  }

  /** Take over what a tab that is gone has left. */
  async adopt(tab: string): Promise<void> {
    for (const entry of await this.#journal.adopt(tab, this.#options.tab)) {
      if (entry.saved !== undefined && Date.now() > keptUntil(entry)) {
        await this.#forget([entry.key]);
        continue;
      }
      if (entry.cleared) {
        this.#removeLater(entry);
        continue;
      }
      const folder = entry.place && (await this.#journal.folder(entry.place.id));
      const row = await recovered(entry, folder, this.#journal.notesOf(entry.key));
      const download = new Download(row, entry);
      this.#all.set(entry.key, download);
      this.#options.rowStore.add(row);
      if (row.needs === "permission" && folder) {
        this.#options.post({ kind: "handle", key: entry.key, handle: folder });
      } else if (row.state === "waiting") this.#queue.enqueue(download);
      if (row.state === "done") this.#removeLater(entry);
    }
  }

  /** Queue files and folders. @throws {TransferError} `unsupported`, `no-space`: nothing has begun then; `not-found` */
  async add({ paths, folder, drop }: Extract<Call, { verb: "download" }>): Promise<void> {
    const { api } = this.#options;
    const chosen = folder && { id: drop, handle: folder };
    let batch: Download[] = [];
    for await (const found of walk(api, paths)) {
      if (found.kind === "folder") {
        if (chosen !== undefined) await targetIn(chosen.handle, `${found.to}_`);
        continue;
      }
      batch.push(this.#made(found.file, { drop, place: chosen && { id: drop, to: found.to } }));
      if (chosen === undefined || batch.length < filesTogether) continue;
      await this.#begin(batch, chosen);
      batch = [];
    }
    await this.#begin(batch, chosen);
  }

  #made({ path, size, etag }: WireFile, { drop, place }: Pick<DownloadEntry, "drop" | "place">): Download {
    const { user, tab } = this.#options;
    const name = path.slice(path.lastIndexOf("/") + 1);
    const created = Date.now();
    const entry = { key: randomId(), user, owner: tab, path, name, size, etag, created, drop, place };
    return new Download(Row.down(entry), entry);
  }

  async #begin(downloads: readonly Download[], folder: ChosenFolder | undefined): Promise<void> {
    const staged = downloads.filter(({ isStaged }) => isStaged);
    if (staged.length > 0) {
      // Of those that go to a folder, each is removed before long.
      const sizes = staged.map(({ entry }) => entry.size);
      const bytes = folder ? Math.max(...sizes) : sizes.reduce((sum, size) => sum + size, this.#queue.promised);
      await this.#mustHave().mustFit(bytes);
    }
    await this.#journal.put(
      downloads.map(({ entry }) => entry),
      folder,
    );
    for (const download of downloads) {
      download.row.folder = folder?.handle.name;
      this.#all.set(download.entry.key, download);
      this.#options.rowStore.add(download.row);
      this.#queue.enqueue(download);
    }
  }

  #mustHave(): Staging {
    if (this.#staging !== undefined) return this.#staging;
    throw new TransferError("unsupported", "Cannot keep downloads: the browser gives this page no files");
  }

  /** Do a verb with a row. */
  async call(row: Row, verb: "pause" | "resume" | "retry" | "cancel" | "save"): Promise<void> {
    const download = this.#all.get(row.key);
    if (download === undefined) return;
    if (verb === "pause") this.#pause(download);
    else if (verb === "cancel") await this.#cancel(download);
    else if (verb === "save") await this.#saveAgain(download);
    else await this.#resume(download);
  }

  /** Take ended rows off the list. */
  async clear(rows: readonly Row[]): Promise<void> {
    for (const { key } of rows) {
      const entry = this.#all.get(key)?.entry;
      this.#options.rowStore.remove(key);
      // The browser may still be copying it.
      if (entry?.saved !== undefined && Date.now() < keptUntil(entry)) {
        await this.#journal.put([{ ...entry, cleared: true }]);
      } else await this.#forget([key]);
    }
  }

  wake(options: WakeOptions): void {
    this.#queue.wake(options);
  }

  #pause({ row }: Download): void {
    if (!row.sending) return;
    row.running?.pause();
    if (row.state !== "paused") row.rest("paused");
    this.#options.rowStore.changed(row);
    this.#queue.kick();
  }

  async #resume(download: Download): Promise<void> {
    const { row } = download;
    if (this.#queue.resumed(download)) return;
    // Whether the folder may be written shows when it is: the page was told so, and this thread may hear of it later.
    if (row.state !== "needs-file" && row.state !== "paused" && row.state !== "failed") return;
    const code = row.error?.code;
    if (code === "file-changed" || code === "checksum-mismatch") await this.#startAnew(download);
    this.#queue.enqueue(download);
  }

  /** What was fetched is of no use any more. @throws {TransferError} `not-found` */
  async #startAnew(download: Download): Promise<void> {
    const { row } = download;
    const file = await this.#options.api.stat(download.entry.path);
    if (file === undefined)
      throw new TransferError("not-found", `Cannot find "${download.entry.path}": there is no such file`);
    const { size, etag } = file;
    await this.#staging?.remove(row.key);
    await this.#journal.notesOf(row.key).forget();
    download.entry = { ...download.entry, size, etag, whole: undefined };
    row.size = size;
    row.confirmed = 0;
    await this.#journal.put([download.entry]);
  }

  async #cancel(download: Download): Promise<void> {
    const { row } = download;
    if (row.state === "done" || row.state === "cancelled") return;
    await row.running?.cancel();
    row.rest("cancelled");
    this.#options.rowStore.changed(row);
    await this.#forget([row.key]);
    this.#queue.kick();
  }

  async #forget(keys: readonly string[]): Promise<void> {
    for (const key of keys) {
      this.#all.delete(key);
      await this.#staging?.remove(key);
    }
    await this.#journal.remove(keys);
  }

  async #save(download: Download, file: File): Promise<void> {
    download.entry = { ...download.entry, saved: Date.now() };
    await this.#journal.put([download.entry]);
    this.#options.post({ kind: "save", name: download.entry.name, file });
    download.row.maySave = true;
    this.#removeLater(download.entry);
  }

  async #saveAgain(download: Download): Promise<void> {
    const file = await this.#staging?.whole(download.row.key);
    if (file !== undefined && download.row.state === "done") await this.#save(download, file);
  }

  #removeLater(entry: DownloadEntry): void {
    setTimeout(() => this.#removeSaved(entry), Math.max(0, keptUntil(entry) - Date.now()));
  }

  #removeSaved({ key, saved }: DownloadEntry): void {
    const download = this.#all.get(key);
    // Saved once more meanwhile, it is kept for longer.
    if (download !== undefined && download.entry.saved !== saved) return;
    if (download !== undefined) {
      download.row.maySave = false;
      this.#options.rowStore.changed(download.row);
    }
    void this.#forget([key]);
  }
}

function keptUntil({ saved = 0, size }: DownloadEntry): number {
  return saved + keptForMs + size / slowCopyPerMs;
}
