import { keyOf, type ListedEntry } from "./entry.ts";
import { compareBy, type Sort } from "./entry-order.ts";
import { mergeInto, sortSliced } from "./sliced-sort.ts";

/** More than these are ordered in slices, so that the page stays quick. */
const mostAtOnce = 3000;

/** The names of a folder or of a search as far as they are known, in order; there may be a hundred thousand. */
export class FolderListing {
  readonly #known = new Map<string, ListedEntry>();
  #sorted: ListedEntry[] = [];
  /** What of it matches the query. */
  #shown: ListedEntry[] = this.#sorted;
  #words: readonly string[] = [];
  #sort: Sort;
  #sorting: Promise<void> | undefined;

  constructor(sort: Sort) {
    this.#sort = sort;
  }

  /** Make a listing of entries that are in order already. */
  static ofSorted(entries: readonly ListedEntry[], sort: Sort): FolderListing {
    const listing = new FolderListing(sort);
    for (const entry of entries) listing.#known.set(entry.path, entry);
    listing.#sorted = [...entries];
    listing.#shown = listing.#sorted;
    return listing;
  }

  /** How many names are known. */
  get size(): number {
    return this.#known.size;
  }

  get sort(): Sort {
    return this.#sort;
  }

  /** What matches the query, in order. */
  get shown(): readonly ListedEntry[] {
    return this.#shown;
  }

  get(path: string): ListedEntry | undefined {
    return this.#known.get(path);
  }

  /** Whether a path is in what is shown. */
  shows(path: string): boolean {
    const entry = this.#known.get(path);
    return entry !== undefined && this.#matches(entry);
  }

  /** Where a path stands in what is shown; -1 where it does not. */
  indexOf(path: string): number {
    const entry = this.#known.get(path);
    return entry === undefined ? -1 : this.#shown.indexOf(entry);
  }

  /** Take entries in; one of a known path takes its place. */
  put(entries: readonly ListedEntry[]): void {
    const fresh = [...new Map(entries.map((entry) => [entry.path, entry])).values()];
    this.#forget(fresh.filter(({ path }) => this.#known.has(path)).map(({ path }) => path));
    for (const entry of fresh) this.#known.set(entry.path, entry);
    const compare = compareBy(this.#sort);
    const ordered = fresh.sort(compare);
    const matching = ordered.filter((entry) => this.#matches(entry));
    const isWhole = this.#shown === this.#sorted;
    this.#sorted = mergeInto(this.#sorted, ordered, compare);
    this.#shown = isWhole ? this.#sorted : mergeInto(this.#shown, matching, compare);
  }

  /** Take files and folders off; false where none was known. */
  drop(paths: readonly string[]): boolean {
    const known = paths.filter((path) => this.#known.has(path));
    this.#forget(known);
    return known.length > 0;
  }

  /** Show only what has all words of `query` in its name. */
  find(query: string): void {
    this.#words = keyOf(query)
      .split(/\s+/u)
      .filter((word) => word !== "");
    this.#filter();
  }

  /** Order it anew; what comes in meanwhile is in its place at the end, too. */
  async sortBy(sort: Sort): Promise<void> {
    this.#sort = sort;
    if (this.#known.size <= mostAtOnce) {
      this.#sorted = [...this.#sorted].sort(compareBy(sort));
      this.#filter();
      return;
    }
    this.#sorting ??= this.#sortAll();
    await this.#sorting;
  }

  async #sortAll(): Promise<void> {
    let [sort, before] = [this.#sort, this.#sorted];
    let sorted = await sortSliced(before, compareBy(sort));
    while (this.#sort !== sort || this.#sorted !== before) {
      [sort, before] = [this.#sort, this.#sorted];
      sorted = await sortSliced(before, compareBy(sort));
    }
    this.#sorting = undefined;
    this.#sorted = sorted;
    this.#filter();
  }

  #forget(paths: readonly string[]): void {
    if (paths.length === 0) return;
    const gone = new Set(paths);
    for (const path of paths) this.#known.delete(path);
    const stays = ({ path }: ListedEntry): boolean => !gone.has(path);
    const isWhole = this.#shown === this.#sorted;
    this.#sorted = this.#sorted.filter(stays);
    this.#shown = isWhole ? this.#sorted : this.#shown.filter(stays);
  }

  /** Show what another listing would show of it. */
  findAs(other: FolderListing): void {
    this.#words = other.#words;
    this.#filter();
  }

  #filter(): void {
    this.#shown = this.#words.length === 0 ? this.#sorted : this.#sorted.filter((entry) => this.#matches(entry));
  }

  #matches({ key }: ListedEntry): boolean {
    return this.#words.every((word) => key.includes(word));
  }
}
