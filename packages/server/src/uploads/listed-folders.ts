import type { Abortable, Files, Folders, StoredFile } from "@naru/core";
import type { ClashFiles } from "./clashes.ts";

const pageSize = 1000;
const mostPages = 4;
/** For fewer files of a folder, asking for each is cheaper. */
const worthListing = 8;

interface Folder {
  readonly prefix: string;
  count: number;
  names?: Promise<ReadonlySet<string> | undefined>;
}

/** Answers whether files of a batch are there: by listing a folder that many of them go to, not by a question for each. */
export class ListedFolders implements ClashFiles {
  readonly #files: Pick<Files, "stat" | "list" | "folders">;
  readonly #folders = new Map<string, Folder>();
  /** Paths found free, which by now their askers may have taken. */
  readonly #free = new Set<string>();

  constructor(files: Pick<Files, "stat" | "list" | "folders">, paths: Iterable<string>) {
    this.#files = files;
    for (const path of paths) {
      const prefix = folderOf(path);
      const folder = this.#folders.get(prefix) ?? { prefix, count: 0 };
      folder.count += 1;
      this.#folders.set(prefix, folder);
    }
  }

  /** As `Files.stat`; someone else's file that came after its folder was listed may be missed. */
  async stat(path: string, options: Abortable = {}): Promise<StoredFile | undefined> {
    const folder = this.#folders.get(folderOf(path));
    if (folder === undefined || folder.count < worthListing) return this.#files.stat(path, options);
    const names = await this.#namesIn(folder, options);
    if (names === undefined || names.has(path) || this.#free.has(path)) return this.#files.stat(path, options);
    this.#free.add(path);
    return undefined;
  }

  #namesIn(folder: Folder, options: Abortable): Promise<ReadonlySet<string> | undefined> {
    folder.names ??= this.#list(folder.prefix, options);
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

  /** The files in a folder, and the folders with a final `/`; `undefined` if there are too many to look through. */
  async #list(prefix: string, { signal }: Abortable): Promise<ReadonlySet<string> | undefined> {
    const names = new Set<string>();
    let cursor: string | undefined;
    for (let pages = 0; pages < mostPages; pages += 1) {
      const page = await this.#files.list({ prefix, delimiter: "/", limit: pageSize, cursor, signal });
      for (const { path } of page.files) names.add(path);
      for (const path of page.folders) names.add(path);
      cursor = page.cursor;
      if (cursor === undefined) return names;
    }
    return undefined;
  }
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}
