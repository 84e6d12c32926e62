/**
 * What has arrived, kept over reloads in this browser: with checksums, so that it can be shown and saved as proof. It holds
 * a bounded number of entries for each user, the latest. Loaded when the first file arrives, or when somebody looks.
 */

import { type DBSchema, type IDBPDatabase, openDB } from "./indexed-db.ts";

/** One file that arrived, there or here. */
export interface HistoryEntry {
  readonly key: string;
  readonly user: string;
  readonly direction: "up" | "down";
  /** Its path at the server. */
  readonly path: string;
  readonly size: number;
  /** When it was whole, in milliseconds since 1970. */
  readonly at: number;
  /** When it was chosen. */
  readonly began: number;
  /** When the file was changed last, at its source. */
  readonly modified?: number | undefined;
  /** CRC-64/NVME of the whole file, 16 hex digits, where it is known. */
  readonly crc64?: string | undefined;
  /** MD5 of the whole file, as the store reported it, where it is known. */
  readonly md5?: string | undefined;
  /** What the store calls its content. */
  readonly etag?: string | undefined;
  /** The upload's id at the server. */
  readonly upload?: string | undefined;
  readonly route?: "direct" | "proxy" | "both" | undefined;
  /** It was there with the same bytes, and was not sent. */
  readonly same?: boolean | undefined;
}

interface HistorySchema extends DBSchema {
  entries: { key: string; value: HistoryEntry; indexes: { time: [string, number] } };
}

export interface HistoryQuery {
  /** Words that must be in the path, in any order. */
  readonly words?: string;
  /** Only what arrived before this time. */
  readonly before?: number | undefined;
}

/** So many files of each user; the earliest make room. */
const defaultLimit = 100_000;
/** Making room costs a look at all: it is done for many at once. */
const slack = 0.1;
const readAtOnce = 500;

/** The history of one user in this browser. */
export class TransferHistory {
  readonly #db: IDBPDatabase<HistorySchema>;
  readonly #user: string;
  readonly #limit: number;

  private constructor(db: IDBPDatabase<HistorySchema>, user: string, limit: number) {
    this.#db = db;
    this.#user = user;
    this.#limit = limit;
  }

  static async open(
    user: string,
    { limit = defaultLimit }: { readonly limit?: number } = {},
  ): Promise<TransferHistory> {
    const db = await openDB<HistorySchema>("naru-history", 1, {
      upgrade: (created) => {
        created.createObjectStore("entries", { keyPath: "key" }).createIndex("time", ["user", "at"]);
      },
    });
    return new TransferHistory(db, user, limit);
  }

  async add(entries: readonly Omit<HistoryEntry, "user">[]): Promise<void> {
    const change = this.#db.transaction("entries", "readwrite");
    const user = this.#user;
    await Promise.all([...entries.map((entry) => change.store.put({ ...entry, user })), change.done]);
    await this.#makeRoom();
  }

  count(): Promise<number> {
    return this.#db.countFromIndex("entries", "time", this.#all);
  }

  /** Read entries, the latest first. It goes as far as it is read. */
  async *entries({ words = "", before }: HistoryQuery = {}): AsyncGenerator<HistoryEntry> {
    const wanted = words
      .normalize("NFC")
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== "");
    let end = before ?? Number.MAX_VALUE;
    // Of those of one moment the ones that were read already.
    let read = new Set<string>();
    for (;;) {
      const some = await this.#read(end);
      const fresh = some.filter(({ key }) => !read.has(key));
      for (const entry of fresh) if (matches(entry, wanted)) yield entry;
      const last = some.at(-1);
      if (last === undefined || fresh.length === 0) return;
      read = new Set(some.filter(({ at }) => at === last.at).map(({ key }) => key));
      end = last.at;
    }
  }

  async clear(): Promise<void> {
    const change = this.#db.transaction("entries", "readwrite");
    for (const key of await change.store.index("time").getAllKeys(this.#all)) void change.store.delete(key);
    await change.done;
  }

  close(): void {
    this.#db.close();
  }

  get #all(): IDBKeyRange {
    return IDBKeyRange.bound([this.#user, 0], [this.#user, Number.MAX_VALUE]);
  }

  /** The latest up to a time; all of its last moment, so that none is passed over. */
  async #read(end: number): Promise<readonly HistoryEntry[]> {
    const index = this.#db.transaction("entries").store.index("time");
    const some: HistoryEntry[] = [];
    const range = IDBKeyRange.bound([this.#user, 0], [this.#user, end]);
    for (let at = await index.openCursor(range, "prev"); at !== null; at = await at.continue()) {
      const last = some.at(-1);
      if (some.length >= readAtOnce && last?.at !== at.value.at) break;
      some.push(at.value);
    }
    return some;
  }

  async #makeRoom(): Promise<void> {
    const count = await this.count();
    if (count <= this.#limit) return;
    const change = this.#db.transaction("entries", "readwrite");
    const over = count - this.#limit + Math.floor(this.#limit * slack);
    const keys = await change.store.index("time").getAllKeys(this.#all, over);
    await Promise.all([...keys.map((key) => change.store.delete(key)), change.done]);
  }
}

function matches({ path }: HistoryEntry, words: readonly string[]): boolean {
  const own = path.normalize("NFC").toLowerCase();
  return words.every((word) => own.includes(word));
}
