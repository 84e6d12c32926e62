import { type FilePage, isTemporaryName, type ListOptions, pageOf, type StoredFile } from "@naru/core";

/** A file or folder, as a server lists it. */
export interface RemoteEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
  readonly size: number;
  readonly modified: Date;
}

/** What lies in a folder; a missing folder is empty. Folders are `""` or end in `/`. */
export type ListFolder = (folder: string) => Promise<readonly RemoteEntry[]>;

/** Make the etag of a file of which only size and time are known. */
export function etagOf(size: number, modified: Date): string {
  return `${size.toString(16)}-${modified.getTime().toString(16)}`;
}

/** List files by their whole paths, reading only the folders that may hold an entry of the page. */
export async function listFiles(read: ListFolder, options: ListOptions): Promise<FilePage> {
  const { prefix = "", cursor = "", limit = 1000, delimiter, signal } = options;
  const found: StoredFile[] = [];
  const walk = { read, prefix, cursor, fold: delimiter === "/" };
  for await (const file of filesBelow(walk, prefix.slice(0, prefix.lastIndexOf("/") + 1))) {
    signal?.throwIfAborted();
    found.push(file);
    if (found.length > limit) break;
  }
  return pageOf(found, options);
}

interface Walk {
  readonly read: ListFolder;
  readonly prefix: string;
  readonly cursor: string;
  readonly fold: boolean;
}

async function* filesBelow(walk: Walk, folder: string): AsyncGenerator<StoredFile> {
  const entries = (await walk.read(folder))
    .filter(({ name }) => name !== "." && name !== ".." && !name.includes("/") && !isTemporaryName(name))
    .map((entry) => ({ ...entry, path: `${folder}${entry.name}${entry.kind === "folder" ? "/" : ""}` }));
  entries.sort((a, b) => (a.path < b.path ? -1 : 1));
  for (const { path, kind, size, modified } of entries) {
    const reached = path > walk.cursor || (kind === "folder" && walk.cursor.startsWith(path));
    if (!reached || !(path.startsWith(walk.prefix) || walk.prefix.startsWith(path))) continue;
    if (kind === "file") yield { path, size, modified, etag: etagOf(size, modified) };
    else if (!walk.fold || walk.prefix.startsWith(path)) yield* filesBelow(walk, path);
    else if (path !== walk.cursor) yield* firstBelow(walk, path);
  }
}

/** One file is enough to show a folded folder; a folder without files is none. */
async function* firstBelow(walk: Walk, folder: string): AsyncGenerator<StoredFile> {
  for await (const file of filesBelow({ ...walk, prefix: folder, cursor: "", fold: false }, folder)) {
    yield file;
    return;
  }
}
