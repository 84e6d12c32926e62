import type { Abortable, Files, Folders, ListOptions, StoredFile } from "@naru/core";
import type { ClashFiles } from "./clashes.ts";
import type { PathLock } from "./path-lock.ts";

const pageSize = 1000;
const mostPages = 4;
/** For fewer files of a folder, asking for each is cheaper. */
const worthListing = 8;

type NameSpan = NonNullable<ListOptions["span"]>;

interface Folder {
  readonly prefix: string;
  count: number;
  span: NameSpan;
  names?: Promise<ReadonlySet<string> | undefined>;
}

/** Answers whether files of a batch are there: by listing a folder that many of them go to, not by a question for each. */
export class ListedFolders implements ClashFiles, Disposable {
  readonly #files: Pick<Files, "stat" | "list" | "folders">;
  readonly #folders = new Map<string, Folder>();
  /** Paths that changed since, by this batch or by any door: for them the lists are no answer. */
  readonly #changed = new Set<string>();
  /** Paths that were asked for one by one and have no file, unless they changed. */
  readonly #free = new Set<string>();
  readonly #watching: Disposable;

  constructor(
    files: Pick<Files, "stat" | "list" | "folders">,
    changes: Pick<PathLock, "watch">,
    paths: Iterable<string>,
  ) {
    this.#files = files;
    this.#watching = changes.watch((path) => {
      if (this.#folders.has(folderOf(path))) this.#changed.add(path);
    });
    for (const path of paths) {
      const prefix = folderOf(path);
      const name = path.slice(prefix.length);
      const folder = this.#folders.get(prefix) ?? { prefix, count: 0, span: { first: name, last: name } };
      folder.count += 1;
      folder.span = widened(folder.span, name);
      this.#folders.set(prefix, folder);
    }
  }

  [Symbol.dispose](): void {
    this.#watching[Symbol.dispose]();
  }

  /** As `Files.stat`; a file that another program puts into the store after its folder was listed may be missed. */
  async stat(path: string, options: Abortable = {}): Promise<StoredFile | undefined> {
    const folder = this.#folders.get(folderOf(path));
    const isListed = folder !== undefined && folder.count >= worthListing;
    const names = isListed ? await this.#namesIn(folder, options) : undefined;
    const isFree = names === undefined ? this.#free.has(path) : !names.has(path);
    if (isFree && !this.#changed.has(path)) return undefined;
    const file = await this.#files.stat(path, options);
    if (file === undefined) this.#free.add(path);
    return file;
  }

  #namesIn(folder: Folder, options: Abortable): Promise<ReadonlySet<string> | undefined> {
    folder.names ??= this.#list(folder, options);
    return folder.names;
  }

  readonly folders: Pick<Folders, "has"> = {
    has: async (path, options = {}) => {
      const folder = this.#folders.get(folderOf(path));
      const listed = folder && folder.count >= worthListing ? await this.#namesIn(folder, options) : undefined;
      if (listed) return listed.has(`${path}/`);
      return (await this.#files.folders?.has(path, options)) ?? false;
    },
  };

  /**
   * The files in a folder, and the folders with a final `/`, where the batch's own names are; `undefined` if there are too
   * many to look through.
   */
  async #list(
    { prefix, span: { first, last } }: Folder,
    { signal }: Abortable,
  ): Promise<ReadonlySet<string> | undefined> {
    // A folder may have the last file's name.
    const span = { first, last: `${last}/` };
    const names = new Set<string>();
    let cursor: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const page = await this.#files.list({ prefix, delimiter: "/", limit: pageSize, cursor, span, signal });
      for (const { path } of page.files) names.add(path);
      for (const path of page.folders) names.add(path);
      cursor = page.cursor;
      if (cursor === undefined) return names;
    }
    return undefined;
  }
}

/** By bytes, as stores order names. */
function widened({ first, last }: NameSpan, name: string): NameSpan {
  const bytes = Buffer.from(name);
  if (bytes.compare(Buffer.from(first)) < 0) return { first: name, last };
  return bytes.compare(Buffer.from(last)) > 0 ? { first, last: name } : { first, last };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
