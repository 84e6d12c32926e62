/** What this browser remembers of its transfers, over reloads and crashes: one entry each, in IndexedDB. */

import type { PartDigest } from "@naru/core";
import { type DBSchema, type IDBPDatabase, openDB } from "./indexed-db.ts";
import { MarkGroups } from "./mark-groups.ts";
import { randomId } from "./tab-locks.ts";
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

/** Marks that were noted together: an entry costs the browser about as much for two hundred of them as for one. */
interface NotedMarks {
  readonly key: string;
  /** Of two marks of one row the later holds. */
  readonly at: number;
  readonly marks: readonly Mark[];
}

/** An entry with its mark. */
export interface MarkedEntry extends JournalEntry, Omit<Mark, "key"> {}

interface JournalSchema extends DBSchema {
  transfers: { key: string; value: JournalEntry; indexes: { user: string } };
}

/** In a database of its own: a new version of the other one could not be opened while a tab with an older page lives. */
interface MarksSchema extends DBSchema {
  /** A page of an earlier version notes each mark in an entry of its own, under its row's key. */
  marks: { key: string; value: Mark | NotedMarks };
}

/** The journal of one user in this browser. */
export class Journal {
  readonly #db: IDBPDatabase<JournalSchema>;
  readonly #marks: IDBPDatabase<MarksSchema>;
  readonly #user: string;
  readonly #groups = new MarkGroups();
  #markedAt = 0;

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
    if (marks.length === 0) return;
    this.#markedAt = Math.max(Date.now(), this.#markedAt + 1);
    const noted = { key: randomId(), at: this.#markedAt, marks };
    const empty = this.#groups.put(
      noted.key,
      marks.map(({ key }) => key),
    );
    const change = this.#marks.transaction("marks", "readwrite");
    await Promise.all([change.store.put(noted), ...empty.map((key) => change.store.delete(key)), change.done]);
  }

  async remove(keys: readonly string[]): Promise<void> {
    const change = this.#db.transaction("transfers", "readwrite");
    const removed = keys.map((key) => change.store.delete(key));
    await Promise.all([...removed, change.done, this.#removeMarks(this.#groups.drop(keys))]);
  }

  /** Make what `from` owned belong to `to`, and give those entries. */
  async adopt(from: string, to: string): Promise<readonly MarkedEntry[]> {
    const change = this.#db.transaction("transfers", "readwrite");
    const all = await change.store.index("user").getAll(this.#user);
    const adopted = all.filter(({ owner }) => owner === from).map((entry) => ({ ...entry, owner: to }));
    await Promise.all([...adopted.map((entry) => change.store.put(entry)), change.done]);
    const marks = await this.#marksOf(new Set(adopted.map(({ key }) => key)));
    const marked = adopted.map((entry) => ({ ...marks.get(entry.key), ...entry }));
    return marked.sort((a, b) => a.created - b.created);
  }

  /** The latest mark of each of these rows, which are ours from now on. */
  async #marksOf(rows: ReadonlySet<string>): Promise<ReadonlyMap<string, Mark>> {
    const marks = new Map<string, Mark>();
    const empty: string[] = [];
    const noted = (await this.#marks.getAll("marks")).map((one) => ("marks" in one ? one : single(one)));
    for (const one of noted.sort((a, b) => a.at - b.at)) {
      const ours = one.marks.filter(({ key }) => rows.has(key));
      for (const mark of ours) marks.set(mark.key, mark);
      empty.push(
        ...this.#groups.put(
          one.key,
          ours.map(({ key }) => key),
        ),
      );
    }
    await this.#removeMarks(empty);
    return marks;
  }

  async #removeMarks(keys: readonly string[]): Promise<void> {
    if (keys.length === 0) return;
    const change = this.#marks.transaction("marks", "readwrite");
    await Promise.all([...keys.map((key) => change.store.delete(key)), change.done]);
  }
}

function single(mark: Mark): NotedMarks {
  return { key: mark.key, at: 0, marks: [mark] };
}
