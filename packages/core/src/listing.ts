/**
 * Cutting a sorted list of files into pages, for stores that have all their paths at hand.
 *
 * @module
 */

import type { FilePage, ListOptions, StoredFile } from "./store.ts";

/** Cut one page from files sorted by path. The cursor is the last path or folder of the page. */
export function pageOf(files: Iterable<StoredFile>, options: ListOptions = {}): FilePage {
  const { prefix = "", cursor, limit = 1000, delimiter } = options;
  const page: StoredFile[] = [];
  const folders: string[] = [];
  let last = cursor;
  for (const file of files) {
    if (!file.path.startsWith(prefix)) continue;
    const folder = delimiter === undefined ? undefined : folderOf(file.path, prefix, delimiter);
    if (last !== undefined && ((folder ?? file.path) <= last || folder === last)) continue;
    if (page.length + folders.length >= limit) return { files: page, folders, cursor: last };
    last = folder ?? file.path;
    if (folder === undefined) page.push(file);
    else folders.push(folder);
  }
  return { files: page, folders };
}

function folderOf(path: string, prefix: string, delimiter: string): string | undefined {
  const end = path.indexOf(delimiter, prefix.length);
  return end < 0 ? undefined : path.slice(0, end + 1);
}
