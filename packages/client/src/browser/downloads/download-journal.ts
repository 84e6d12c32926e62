/**
 * What this browser remembers of its downloads over reloads and crashes, in an IndexedDB of its own: a new version of the
 * uploads' one could not be opened while a tab with an older page lives.
 *
 * @module
 */

import type { FetchJournal, FetchNote } from "@naru/core";
import { type DBSchema, type IDBPDatabase, openDB } from "../indexed-db.ts";

/** Enough to resume a download. */
export interface DownloadEntry {
  readonly key: string;
  readonly user: string;
  /** The tab that downloads it. */
  readonly owner: string;
  /** The whole path at the server. */
  readonly path: string;
  readonly name: string;
  readonly size: number;
  /** The state of the file that is downloaded. */
  readonly etag: string;
  readonly created: number;
  /** The files that were asked for together with it have the same. */
  readonly drop: string;
  /** The chosen folder that it goes to, and its path there; without one the browser saves it. */
  readonly place?: { readonly id: string; readonly to: string } | undefined;
  /** The CRC-64 of what has been fetched whole, once it has. */
  readonly whole?: string | undefined;
  /** Nobody knew a checksum to compare it with. */
  readonly unverified?: boolean | undefined;
  /** When the browser was told to save it. */
  readonly saved?: number | undefined;
  /** Its row was taken off the list. */
  readonly cleared?: boolean | undefined;
}

/** A folder that somebody chose. */
export interface ChosenFolder {
  readonly id: string;
  readonly handle: FileSystemDirectoryHandle;
}

interface Noted {
  readonly key: string;
  readonly note: FetchNote;
}

interface DownloadsSchema extends DBSchema {
  downloads: { key: string; value: DownloadEntry };
  folders: { key: string; value: ChosenFolder };
  notes: { key: string; value: Noted };
}

/** The downloads of one user in this browser. */
export class DownloadJournal {
  readonly #db: IDBPDatabase<DownloadsSchema>;
  readonly #user: string;

  private constructor(db: IDBPDatabase<DownloadsSchema>, user: string) {
    this.#db = db;
    this.#user = user;
  }

  static async open(user: string, database: string): Promise<DownloadJournal> {
    const db = await openDB<DownloadsSchema>(database, 1, {
      upgrade: (created) => {
        created.createObjectStore("downloads", { keyPath: "key" });
        created.createObjectStore("folders", { keyPath: "id" });
        created.createObjectStore("notes", { keyPath: "key" });
      },
    });
    return new DownloadJournal(db, user);
  }

  /** The tabs that own downloads of this user. */
  async owners(): Promise<readonly string[]> {
    const entries = await this.#db.getAll("downloads");
    return entries.filter(({ user }) => user === this.#user).map(({ owner }) => owner);
  }

  /** The keys of all downloads, of whatever user. */
  async keys(): Promise<ReadonlySet<string>> {
    return new Set(await this.#db.getAllKeys("downloads"));
  }

  /** Note downloads, and the folder that they go to. */
  async put(entries: readonly DownloadEntry[], folder?: ChosenFolder): Promise<void> {
    const change = this.#db.transaction(["downloads", "folders"], "readwrite");
    const downloads = change.objectStore("downloads");
    const puts = entries.map((entry) => downloads.put(entry));
    const folders = folder === undefined ? [] : [change.objectStore("folders").put(folder)];
    await Promise.all([...puts, ...folders, change.done]);
  }

  async folder(id: string): Promise<FileSystemDirectoryHandle | undefined> {
    return (await this.#db.get("folders", id))?.handle;
  }

  /** Make what `from` owned belong to `to`, and give those entries, oldest first. */
  async adopt(from: string, to: string): Promise<readonly DownloadEntry[]> {
    const change = this.#db.transaction("downloads", "readwrite");
    const all = await change.store.getAll();
    const adopted = all
      .filter(({ owner, user }) => owner === from && user === this.#user)
      .map((entry) => ({ ...entry, owner: to }));
    await Promise.all([...adopted.map((entry) => change.store.put(entry)), change.done]);
    return adopted.sort((a, b) => a.created - b.created);
  }

  /** Forget downloads, and the folders that no other goes to. */
  async remove(keys: readonly string[]): Promise<void> {
    const change = this.#db.transaction(["downloads", "folders", "notes"], "readwrite");
    const downloads = change.objectStore("downloads");
    const folders = change.objectStore("folders");
    const notes = change.objectStore("notes");
    await Promise.all(keys.flatMap((key) => [downloads.delete(key), notes.delete(key)]));
    if ((await folders.count()) > 0 && (await downloads.count()) === 0) await folders.clear();
    await change.done;
  }

  /** What of a download is on the disk. */
  notesOf(key: string): FetchJournal {
    return {
      load: async () => (await this.#db.get("notes", key))?.note,
      save: async (note) => {
        await this.#db.put("notes", { key, note });
      },
      forget: () => this.#db.delete("notes", key),
    };
  }
}
