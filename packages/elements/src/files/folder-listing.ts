import type { WireFile, WireFilePage } from "@naru/core";

/** What of a folder is to be shown, in order. */
export interface Shown {
  readonly folders: readonly string[];
  readonly files: readonly WireFile[];
}

/** One folder as far as it is known: it comes a page at a time, and is searched while more of it comes. */
export class FolderListing {
  readonly folder: string;
  /** Where the next page begins; undefined once all is known, and before the first page. */
  cursor: string | undefined;
  readonly #files = new Map<string, WireFile>();
  readonly #folders = new Set<string>();
  #query = "";
  /** What matches, sorted; kept up as long as pages come in order, since a folder may have a million files. */
  #shown: { readonly folders: string[]; readonly files: WireFile[] } | undefined;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** How many names are known. */
  get size(): number {
    return this.#files.size + this.#folders.size;
  }

  /** What matches the query. */
  get shown(): Shown {
    this.#shown ??= {
      folders: [...this.#folders].filter((path) => this.#matches(path)).sort(),
      files: [...this.#files.values()].filter(({ path }) => this.#matches(path)).sort(byPath),
    };
    return this.#shown;
  }

  /** The name of what is in it. */
  nameOf(path: string): string {
    return path.slice(this.folder.length).replace(/\/$/, "");
  }

  /** Show only what has `query` in its name. */
  find(query: string): void {
    this.#query = query.normalize().toLowerCase();
    this.#shown = undefined;
  }

  /** Take in a page of the server's list. */
  take({ files, folders, cursor }: WireFilePage): void {
    this.cursor = cursor;
    for (const file of files) if (file.path !== this.folder) this.put(file);
    for (const folder of folders) this.putFolder(folder);
  }

  put(file: WireFile): void {
    const known = this.#files.has(file.path);
    this.#files.set(file.path, file);
    const last = this.#shown?.files.at(-1);
    if (known || (last !== undefined && byPath(file, last) < 0)) this.#shown = undefined;
    else if (this.#matches(file.path)) this.#shown?.files.push(file);
  }

  putFolder(path: string): void {
    if (this.#folders.has(path)) return;
    this.#folders.add(path);
    const last = this.#shown?.folders.at(-1);
    if (last !== undefined && path < last) this.#shown = undefined;
    else if (this.#matches(path)) this.#shown?.folders.push(path);
  }

  /** Show the folder in which something is; false for what is here itself. */
  putFolderOf(path: string): boolean {
    const slash = path.indexOf("/", this.folder.length);
    if (slash !== -1) this.putFolder(path.slice(0, slash + 1));
    return slash !== -1;
  }

  /** Take a file or a folder off. */
  drop(path: string): void {
    if (this.#files.delete(path) || this.#folders.delete(path)) this.#shown = undefined;
  }

  /** The row that takes the place of one that goes: the next, else the one before. */
  neighbour(path: string): string | undefined {
    const paths = [...this.shown.folders, ...this.shown.files.map((file) => file.path)];
    const index = paths.indexOf(path);
    return paths[index + 1] ?? paths[index - 1];
  }

  #matches(path: string): boolean {
    return this.#query === "" || this.nameOf(path).normalize().toLowerCase().includes(this.#query);
  }
}

function byPath(a: WireFile, b: WireFile): number {
  return a.path < b.path ? -1 : 1;
}
