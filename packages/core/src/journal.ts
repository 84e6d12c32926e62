/**
 * The journal: what a client remembers of its transfers over reloads and crashes. It only speeds a resume up; the store's
 * receipts win over it.
 *
 * @module
 */

/** What a journal keeps, whatever else it keeps. */
export interface Keyed {
  readonly key: string;
}

/** One transfer as the journal knows it. */
export interface JournalEntry extends Keyed {
  /** The upload's id, once there is one. */
  readonly uploadId?: string | undefined;
  /** Where it goes: the server's origin. */
  readonly origin: string;
  readonly user: string;
  /** The path that it will have at the store. */
  readonly to: string;
  /** Where it comes from, as far as the platform tells. */
  readonly path?: string | undefined;
  readonly name: string;
  readonly size: number;
  /** When the file was changed last, in milliseconds since 1970. */
  readonly modified: number;
  readonly partSize?: number | undefined;
  readonly state: "queued" | "paused" | "done" | "failed";
}

/** Remembers entries by their keys. */
export interface Journal<Entry extends Keyed = JournalEntry> {
  get(key: string): Promise<Entry | undefined>;
  /** Write an entry; one with the same key is replaced. */
  put(entry: Entry): Promise<void>;
  /** Forget an entry; a missing one is fine. */
  delete(key: string): Promise<void>;
  /** All entries, sorted by key. */
  list(): Promise<readonly Entry[]>;
}

/** Make a journal in memory. */
export function memoryJournal<Entry extends Keyed = JournalEntry>(): Journal<Entry> {
  const entries = new Map<string, Entry>();
  return {
    get: async (key) => entries.get(key),
    put: async (entry) => {
      entries.set(entry.key, entry);
    },
    delete: async (key) => {
      entries.delete(key);
    },
    list: async () => [...entries.values()].sort((a, b) => (a.key < b.key ? -1 : 1)),
  };
}
