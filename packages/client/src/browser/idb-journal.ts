/** What this browser remembers of its transfers, over reloads and crashes: one entry each, in IndexedDB. */

import { type DBSchema, type IDBPDatabase, openDB } from "idb";

/** Enough to go on with a transfer. Receipts are not in it: the server has them. */
export interface JournalEntry {
  readonly key: string;
  readonly user: string;
  /** The tab that sends it. */
  readonly owner: string;
  /** The whole path at the server. */
  readonly path: string;
  readonly name: string;
  readonly size: number;
  readonly lastModified: number | undefined;
  readonly type: string | undefined;
  readonly created: number;
  readonly uploadId: string | undefined;
  readonly handle: FileSystemFileHandle | undefined;
}

interface JournalSchema extends DBSchema {
  transfers: { key: string; value: JournalEntry; indexes: { user: string } };
}

/** The journal of one user in this browser. */
export class Journal {
  readonly #db: IDBPDatabase<JournalSchema>;
  readonly #user: string;

  private constructor(db: IDBPDatabase<JournalSchema>, user: string) {
    this.#db = db;
    this.#user = user;
  }

  static async open(user: string): Promise<Journal> {
    const db = await openDB<JournalSchema>("naru", 1, {
      upgrade: (created) => {
        created.createObjectStore("transfers", { keyPath: "key" }).createIndex("user", "user");
      },
    });
    return new Journal(db, user);
  }

  /** All entries, oldest first. */
  async all(): Promise<readonly JournalEntry[]> {
    const entries = await this.#db.getAllFromIndex("transfers", "user", this.#user);
    return entries.sort((a, b) => a.created - b.created);
  }

  async put(entries: readonly JournalEntry[]): Promise<void> {
    const change = this.#db.transaction("transfers", "readwrite");
    await Promise.all([...entries.map((entry) => change.store.put(entry)), change.done]);
  }

  async remove(keys: readonly string[]): Promise<void> {
    const change = this.#db.transaction("transfers", "readwrite");
    await Promise.all([...keys.map((key) => change.store.delete(key)), change.done]);
  }

  /** Make what `from` owned belong to `to`, and give those entries. */
  async adopt(from: string, to: string): Promise<readonly JournalEntry[]> {
    const change = this.#db.transaction("transfers", "readwrite");
    const all = await change.store.index("user").getAll(this.#user);
    const adopted = all.filter(({ owner }) => owner === from).map((entry) => ({ ...entry, owner: to }));
    await Promise.all([...adopted.map((entry) => change.store.put(entry)), change.done]);
    return adopted.sort((a, b) => a.created - b.created);
  }
}
