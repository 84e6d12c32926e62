/** What this browser remembers of its transfers, over reloads and crashes: one entry each, in IndexedDB. */

import type { PartDigest } from "@naru/core";
import { type DBSchema, type IDBPDatabase, openDB } from "./indexed-db.ts";
import type { SendConflict } from "./transfers.ts";

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
  /** The files that were chosen together with it have the same. */
  readonly drop?: string | undefined;
  /** The folder that they were sent to. */
  readonly to?: string | undefined;
  /** What becomes of it when its name is taken, where that was asked. */
  readonly conflict?: SendConflict | undefined;
}

/** How far a transfer has come, as far as the server cannot tell. */
export interface Mark {
  readonly key: string;
  /** Of a small file that is or was on its way: by it the server tells whether it arrived. */
  readonly digest?: PartDigest | undefined;
  /** It has arrived; it is kept while others of its drop have not. */
  readonly done?: boolean | undefined;
  /** Where it arrived. */
  readonly arrivedAs?: string | undefined;
}

/** An entry with its mark. */
export interface MarkedEntry extends JournalEntry, Omit<Mark, "key"> {}

interface JournalSchema extends DBSchema {
  transfers: { key: string; value: JournalEntry; indexes: { user: string } };
}

/** In a database of its own: a new version of the other one could not be opened while a tab with an older page lives. */
interface MarksSchema extends DBSchema {
  marks: { key: string; value: Mark };
}

/** The journal of one user in this browser. */
export class Journal {
  readonly #db: IDBPDatabase<JournalSchema>;
  readonly #marks: IDBPDatabase<MarksSchema>;
  readonly #user: string;

  private constructor(db: IDBPDatabase<JournalSchema>, marks: IDBPDatabase<MarksSchema>, user: string) {
    this.#db = db;
    this.#marks = marks;
    this.#user = user;
  }

  static async open(user: string): Promise<Journal> {
    const db = await openDB<JournalSchema>("naru", 1, {
      upgrade: (created) => {
        created.createObjectStore("transfers", { keyPath: "key" }).createIndex("user", "user");
      },
    });
    const marks = await openDB<MarksSchema>("naru-marks", 1, {
      upgrade: (created) => {
        created.createObjectStore("marks", { keyPath: "key" });
      },
    });
    return new Journal(db, marks, user);
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

  /** Note how far transfers have come: far cheaper than to put them again, with handles in them. */
  async mark(marks: readonly Mark[]): Promise<void> {
    const change = this.#marks.transaction("marks", "readwrite");
    await Promise.all([...marks.map((mark) => change.store.put(mark)), change.done]);
  }

  async remove(keys: readonly string[]): Promise<void> {
    const change = this.#db.transaction("transfers", "readwrite");
    const marks = this.#marks.transaction("marks", "readwrite");
    // Both at once: a transaction that is not used in the turn that opened it is over.
    const removed = keys.flatMap((key) => [change.store.delete(key), marks.store.delete(key)]);
    await Promise.all([...removed, change.done, marks.done]);
  }

  /** Make what `from` owned belong to `to`, and give those entries. */
  async adopt(from: string, to: string): Promise<readonly MarkedEntry[]> {
    const change = this.#db.transaction("transfers", "readwrite");
    const all = await change.store.index("user").getAll(this.#user);
    const adopted = all.filter(({ owner }) => owner === from).map((entry) => ({ ...entry, owner: to }));
    await Promise.all([...adopted.map((entry) => change.store.put(entry)), change.done]);
    const marks = new Map((await this.#marks.getAll("marks")).map((mark) => [mark.key, mark]));
    const marked = adopted.map((entry) => ({ ...marks.get(entry.key), ...entry }));
    return marked.sort((a, b) => a.created - b.created);
  }
}
