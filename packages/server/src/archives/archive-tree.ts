import {
  existingPath,
  type FilePage,
  renamed,
  type StoredFile,
  TransferError,
  type ZipEntry,
  ZipNames,
} from "@naru/core";
import type { AccountStore } from "../catalogue/account-store.ts";
import type { FileFacts } from "../catalogue/file-facts.ts";
import type { Rights } from "../catalogue/rights.ts";
import { mapPool } from "../pool.ts";

/** A file or folder of an archive, and which content of the file is meant. */
export interface ArchiveEntry extends ZipEntry {
  readonly path?: string | undefined;
  readonly etag?: string | undefined;
  /** Found out when the file was packed before. It does not change the layout. */
  readonly packedCrc32?: number | undefined;
}

export interface TreeOptions {
  readonly files: AccountStore;
  readonly facts: FileFacts;
  readonly rights: Rights;
  readonly signal: AbortSignal;
}

const mostEntries = 100_000;
const listsAtOnce = 8;
const pageSize = 2_000;

/**
 * Find what an archive of these paths holds, in the order that it has there. Folders end with `/`, that of all with nothing
 * else; each is in the archive under its own name, without those above it.
 *
 * @throws {TransferError} `not-found`; `forbidden` for what the caller may not read; `too-large`
 */
export async function archiveTree(paths: readonly string[], options: TreeOptions): Promise<readonly ArchiveEntry[]> {
  const tree = new Tree(options);
  for (const path of new Set(paths)) await (path.endsWith("/") ? tree.addFolder(path) : tree.addFile(path));
  return tree.entries();
}

/** A path that is asked for, and what its name in the archive begins with. */
interface Root {
  readonly above: string;
  readonly as: string;
}

type FoundFile = Pick<StoredFile, "path" | "etag" | "size"> & {
  readonly as: string;
  readonly modified: number;
  readonly crc32: string | null | undefined;
  readonly packed: string | null | undefined;
};

class Tree {
  readonly #options: TreeOptions;
  readonly #folders: string[] = [];
  readonly #files: FoundFile[] = [];
  readonly #roots = new Set<string>();

  constructor(options: TreeOptions) {
    this.#options = options;
  }

  async addFile(path: string): Promise<void> {
    const { files, signal } = this.#options;
    const file = await files.stat(existingPath(path), { signal });
    if (!file) throw new TransferError("not-found", `Cannot find "${path}": there is no such file`);
    await this.#add([file], { above: path.slice(0, path.lastIndexOf("/") + 1), as: "" });
  }

  async addFolder(path: string): Promise<void> {
    const { files, signal } = this.#options;
    const prefix = path === "/" ? "" : `${existingPath(path.slice(0, -1))}/`;
    const root = this.#rootOf(prefix);
    if (prefix !== "") this.#folders.push(nameIn(prefix, root));
    const found = await this.#addLevel([prefix], root);
    if (found || prefix === "") return;
    if (await files.folders?.has(prefix.slice(0, -1), { signal })) return;
    throw new TransferError("not-found", `Cannot find the folder "${prefix.slice(0, -1)}": no such folder`);
  }

  /** Names in an archive: folders first, so that a file of the same name gives way; then all in order. */
  entries(): readonly ArchiveEntry[] {
    const names = new ZipNames();
    const folders = new Map<string, number | undefined>();
    for (const folder of this.#folders) {
      const name = names.folder(folder);
      if (name !== undefined) folders.set(name, undefined);
    }
    const entries: ArchiveEntry[] = [];
    for (const { as, path, etag, size, modified, crc32, packed } of this.#files.sort(byPath)) {
      const name = names.file(as);
      entries.push({ name, path, etag, size, modified, crc32: fromHex(crc32), packedCrc32: fromHex(packed) });
      for (let slash = name.lastIndexOf("/"); slash > 0; slash = name.lastIndexOf("/", slash - 1)) {
        const folder = name.slice(0, slash + 1);
        folders.set(folder, Math.max(modified, folders.get(folder) ?? 0));
      }
    }
    for (const [name, modified] of folders) entries.push({ name, size: 0, modified });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Add folders and all that is in them; whether there was anything. */
  async #addLevel(first: readonly string[], root: Root): Promise<boolean> {
    const before = this.#files.length + this.#folders.length;
    // Empty folders are seen only where a listing folds.
    for (let level = first; level.length > 0; ) {
      const inside = await mapPool(level, listsAtOnce, (prefix) => this.#addOne(prefix, root));
      level = inside.flat();
    }
    return this.#files.length + this.#folders.length > before;
  }

  async #addOne(prefix: string, root: Root): Promise<readonly string[]> {
    const { files, signal } = this.#options;
    const folders: string[] = [];
    let cursor: string | undefined;
    do {
      const page: FilePage = await files.list({ prefix, delimiter: "/", cursor, limit: pageSize, signal });
      await this.#add(page.files, root);
      folders.push(...page.folders);
      this.#folders.push(...page.folders.map((folder) => nameIn(folder, root)));
      this.#refuseTooMany();
      cursor = page.cursor;
    } while (cursor !== undefined);
    return folders;
  }

  async #add(files: readonly StoredFile[], root: Root): Promise<void> {
    const { facts, rights } = this.#options;
    for (const { path } of files) rights.check("read", path, "read");
    const known = await facts.lookAll(files);
    for (const { path, etag, size, modified } of files) {
      const { crc32, packed_crc32: packed } = known.get(path) ?? {};
      this.#files.push({ path, etag, size, as: nameIn(path, root), modified: modified.getTime(), crc32, packed });
    }
  }

  /** A folder is named without those above it; the second of a name gets a number. */
  #rootOf(prefix: string): Root {
    const above = prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
    const name = prefix.slice(above.length, -1);
    let free = name;
    for (let n = 2; this.#roots.has(free) && prefix !== ""; n++) free = renamed(name, n);
    this.#roots.add(free);
    return free === name ? { above, as: "" } : { above: prefix, as: `${free}/` };
  }

  #refuseTooMany(): void {
    if (this.#files.length + this.#folders.length <= mostEntries) return;
    throw new TransferError("too-large", `Cannot pack the files: there are more than ${mostEntries} files and folders`);
  }
}

function nameIn(path: string, { above, as }: Root): string {
  // A slice shares its memory with the path.
  const inside = path.slice(above.length);
  return as === "" ? inside : `${as}${inside}`;
}

function byPath(a: FoundFile, b: FoundFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.as < b.as ? -1 : 1;
}

function fromHex(digits: string | null | undefined): number | undefined {
  return digits === null || digits === undefined ? undefined : Number.parseInt(digits, 16);
}
