import { type Abortable, type FilePage, isUsablePath, type StoredFile } from "@naru/core";
import type { AccountStore } from "../catalogue/account-store.ts";
import { hasFolder } from "../catalogue/kept-folders.ts";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { Entry } from "./gateway-session.ts";
import type { LiveArrival } from "./live-arrival.ts";
import type { LiveArrivals } from "./live-arrivals.ts";
import { prefixOf } from "./paths.ts";
import type { Standing } from "./recent-paths.ts";
import { durableOf } from "./resume-kept.ts";

export interface EntriesOptions {
  readonly context: GatewayContext;
  readonly live: LiveArrivals;
  /** What has arrived, as its owner sees it. */
  readonly files: AccountStore;
  readonly owner: string;
  /** Whether the session that asks is the one that writes it. */
  readonly isMine: (arrival: LiveArrival) => boolean;
}

/** A file of which nothing came for so long may be one whose client has gone. */
const quietMs = 1_000;

/** What one owner sees: finished files, and over them the files of theirs that are on their way. */
export class Entries {
  readonly #options: EntriesOptions;
  readonly #began: Date;

  constructor(options: EntriesOptions) {
    this.#options = options;
    this.#began = new Date(options.context.now());
  }

  async stat(key: string, options: Abortable): Promise<Entry | undefined> {
    if (key === "") return this.#folder("");
    const { recent } = this.#options.context;
    const arriving = await this.arriving(key);
    if (arriving) return arriving;
    const known = recent.look(key);
    const ask = (): Promise<Standing> => this.#stored(key, options);
    // Of files only those are remembered that this process has written.
    const isStill = known !== undefined && known.is !== "none";
    const standing = isStill
      ? known
      : await recent.learn(key, ask, (found) => (found.is === "file" ? undefined : found));
    if (standing.is === "file") return fileEntry(standing.file);
    return standing.is === "folder" || (await this.#isAboveArriving(key)) ? this.#folder(key) : undefined;
  }

  async #stored(key: string, options: Abortable): Promise<Standing> {
    const { files } = this.#options;
    const file = await files.stat(key, options);
    if (file) return { is: "file", file };
    return { is: (await hasFolder(files, key, options)) ? "folder" : "none" };
  }

  /** What lies in a folder, page by page; `undefined` at once if there is none. */
  async *list(folder: string, options: Abortable): AsyncGenerator<readonly Entry[]> {
    const { context, live, files: arrived, owner } = this.#options;
    const prefix = prefixOf(folder);
    const records = await context.ledger.arrivals.listBelow(owner, prefix);
    const names = new Set([...records.map(({ name }) => name), ...live.listBelow(owner, prefix).map(([name]) => name)]);
    const own = await this.#ownEntries(names, prefix);
    const shown = new Set(own.map(({ path }) => path));
    if (own.length > 0) yield own;
    let cursor: string | undefined;
    do {
      const page: FilePage = await arrived.list({ prefix, delimiter: "/", cursor, signal: options.signal });
      const folders = page.folders.map((path) => path.slice(0, -1)).filter(isUsablePath);
      const files = page.files.filter(({ path }) => isUsablePath(path)).map((file) => fileEntry(file));
      yield [...folders.map((path) => this.#folder(path)), ...files].filter(({ path }) => !shown.has(path));
      cursor = page.cursor;
    } while (cursor !== undefined);
  }

  /** Whether something lies below, kept, finished or on its way. */
  async hasFolder(key: string, options: Abortable): Promise<boolean> {
    return key === "" || (await hasFolder(this.#options.files, key, options)) || this.#isAboveArriving(key);
  }

  /** Files on their way, and the folders that only they make. */
  async #ownEntries(names: ReadonlySet<string>, prefix: string): Promise<Entry[]> {
    const files = new Map<string, Entry>();
    for (const name of names) {
      const slash = name.indexOf("/", prefix.length);
      const entry = slash < 0 ? await this.arriving(name) : this.#folder(name.slice(0, slash));
      if (entry) files.set(entry.path, entry);
    }
    return [...files.values()];
  }

  /** A file on its way, as its owner sees it. */
  async arriving(name: string): Promise<Entry | undefined> {
    const { context, live, owner } = this.#options;
    const arrival = live.find({ owner, name });
    // Who else changes a finished file changes nothing before it is whole.
    if (arrival?.isEdit && !this.#options.isMine(arrival)) return undefined;
    if (arrival) return this.#live(name, arrival);
    const record = await context.ledger.arrivals.find(owner, name);
    return record && this.#kept(record);
  }

  async #live(name: string, arrival: LiveArrival): Promise<Entry | undefined> {
    const { isMine, context } = this.#options;
    const modified = arrival.modified ?? new Date(context.now());
    const entry = { path: `/${name}`, kind: "file", modified, arriving: true } as const;
    if (isMine(arrival) || arrival.isUntouched) return { ...entry, size: arrival.size };
    // Another session asks, perhaps to go on from here since its connection was cut: then nothing comes any more, and
    // all that came is to count. Of a file that still comes it is told what is safe; nothing is cut short for that.
    if (context.now() - arrival.lastWrite >= quietMs) await arrival.flush().catch(() => undefined);
    return { ...entry, size: arrival.isUntouched ? arrival.size : arrival.filling.durable };
  }

  async #kept(record: ArrivalRecord): Promise<Entry | undefined> {
    const size = await durableOf(this.#options.context, record);
    if (size === undefined) return undefined;
    const modified = new Date(record.modified ?? record.created);
    return { path: `/${record.name}`, kind: "file", size, modified, arriving: record.finished === null };
  }

  async #isAboveArriving(key: string): Promise<boolean> {
    const { context, live, owner } = this.#options;
    const prefix = prefixOf(key);
    if (live.listBelow(owner, prefix).length > 0) return true;
    return (await context.ledger.arrivals.listBelow(owner, prefix)).length > 0;
  }

  /** Object stores do not date folders. */
  #folder(key: string): Entry {
    return { path: `/${key}`, kind: "folder", size: 0, modified: this.#began, arriving: false };
  }
}

/** A finished file as clients see it. */
export function fileEntry({ modified, path, size }: StoredFile): Entry {
  return { path: `/${path}`, kind: "file", size, modified, arriving: false };
}
