import type { NaruApi } from "@naru/client";
import type { WireEntries } from "@naru/core";
import { keyOf, type ListedEntry } from "./entry.ts";
import type { Sort } from "./entry-order.ts";
import { FolderListing } from "./folder-listing.ts";

/** The first page is small, so that it is there at once. */
const firstPageSize = 200;
const pageSize = 10_000;
/** So many are taken in at a time; the page goes on in between. */
const sliceSize = 1000;

/** How far a folder is known: `rest` when more comes, `missing` when there is no such folder. */
export type ContentsState = "loading" | "rest" | "ready" | "failed" | "missing";

export interface FolderContentsOptions {
  readonly api: () => NaruApi | undefined;
  readonly onChange: () => void;
  readonly onFailed: (error: unknown) => void;
}

/** What is in one folder, loaded page after page until all of it is known. */
export class FolderContents {
  readonly #options: FolderContentsOptions;
  #loading = new AbortController();
  #cursor: string | undefined;
  folder = "";
  listing: FolderListing;
  state: ContentsState = "loading";

  constructor(options: FolderContentsOptions, sort: Sort) {
    this.#options = options;
    this.listing = new FolderListing(sort);
  }

  /** Show a folder, "" or "a/b/", from its beginning. */
  async open(folder: string): Promise<void> {
    this.folder = folder;
    this.listing = new FolderListing(this.listing.sort);
    this.#cursor = undefined;
    this.state = "loading";
    await this.more();
  }

  /** Go on where it failed. */
  async more(): Promise<void> {
    const { listing } = this;
    await this.#load(async (signal) => {
      for await (const entries of this.#pages(this.#cursor, signal)) {
        listing.put(entries);
        this.state = "rest";
        this.#options.onChange();
      }
      if (listing.size === 0 && !(await this.#isThere(signal))) this.state = "missing";
    });
  }

  /** Load it once more, and show what is new only when all of it is known: nothing flickers. */
  async refresh(): Promise<void> {
    if (this.state !== "ready") return this.open(this.folder);
    const fresh = new FolderListing(this.listing.sort);
    await this.#load(async (signal) => {
      for await (const entries of this.#pages(undefined, signal)) fresh.put(entries);
      if (fresh.size === 0 && !(await this.#isThere(signal))) this.state = "missing";
      await fresh.sortBy(this.listing.sort);
      fresh.findAs(this.listing);
      if (!signal.aborted) this.listing = fresh;
    });
  }

  /** Take in what has come, also while pages do. */
  put(entries: readonly ListedEntry[]): void {
    this.listing.put(entries);
    if (this.state === "missing") this.state = "ready";
  }

  /** Take off what is gone; false where none was known. */
  drop(paths: readonly string[]): boolean {
    return this.listing.drop(paths);
  }

  /** Whether names are still to come. */
  get isLoading(): boolean {
    return this.state === "loading" || this.state === "rest";
  }

  /** Load no more. */
  close(): void {
    this.#loading.abort();
  }

  async #load(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    if (this.state === "failed") this.state = this.listing.size === 0 ? "loading" : "rest";
    this.#options.onChange();
    try {
      await work(signal);
      if (signal.aborted) return;
      if (this.state !== "missing") this.state = "ready";
    } catch (error) {
      if (signal.aborted) return;
      this.state = "failed";
      this.#options.onFailed(error);
    }
    this.#options.onChange();
  }

  async *#pages(cursor: string | undefined, signal: AbortSignal): AsyncGenerator<readonly ListedEntry[]> {
    const api = this.#options.api();
    if (api === undefined) return;
    let next = cursor;
    do {
      const limit = next === undefined ? firstPageSize : pageSize;
      const page = await api.entries({ folder: this.folder, limit, cursor: next, signal });
      for (let start = 0; start < page.names.length + page.folders.length; start += sliceSize) {
        if (start > 0) await new Promise((done) => setTimeout(done));
        if (signal.aborted) return;
        yield entriesOf(page, start);
      }
      if (signal.aborted) return;
      next = page.cursor;
      this.#cursor = next;
    } while (next !== undefined);
  }

  /** A folder with nothing in it may be one that is not there. */
  async #isThere(signal: AbortSignal): Promise<boolean> {
    const api = this.#options.api();
    if (this.folder === "" || api === undefined || signal.aborted) return true;
    return api.hasFolder(this.folder.slice(0, -1), { signal });
  }
}

/** Read a slice of a page, its folders first. */
function entriesOf(page: WireEntries, start: number): ListedEntry[] {
  const { folder, folders, mounts = [], names, sizes, times } = page;
  const fixed = new Map(mounts.map(({ name, isStore }) => [name, isStore ? "store" : "above"] as const));
  const entries: ListedEntry[] = [];
  const end = Math.min(start + sliceSize, folders.length + names.length);
  for (let index = start; index < end; index += 1) {
    const at = index - folders.length;
    const name = folders[index] ?? names[at] ?? "";
    const path = `${folder}${name}${at < 0 ? "/" : ""}`;
    entries.push({
      kind: at < 0 ? "folder" : "file",
      path,
      name,
      key: keyOf(name),
      size: sizes[at] ?? 0,
      time: times[at] ?? 0,
      mount: at < 0 ? fixed.get(name) : undefined,
    });
  }
  return entries;
}
