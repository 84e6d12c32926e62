import type { Abortable, FilePage, Files } from "@naru/core";

/** Where a page of a folder ends, and what it may cost. */
export interface EntriesOptions extends Abortable {
  readonly cursor?: string | undefined;
  readonly limit: number;
  /** After so long a page ends with what there is. */
  readonly patienceMs: number;
}

/**
 * List a folder in larger pages than stores have. Who wants all of a large folder gets it in few calls, and something soon
 * where the store is slow.
 */
export async function folderEntries(
  files: Pick<Files, "list">,
  folder: string,
  { cursor, limit, patienceMs, signal }: EntriesOptions,
): Promise<FilePage> {
  const until = performance.now() + patienceMs;
  const found: FilePage["files"][number][] = [];
  const folders: string[] = [];
  let next = cursor;
  do {
    const room = limit - found.length - folders.length;
    const page: FilePage = await files.list({ prefix: folder, delimiter: "/", cursor: next, limit: room, signal });
    found.push(...page.files);
    folders.push(...page.folders);
    next = page.cursor;
  } while (next !== undefined && found.length + folders.length < limit && performance.now() < until);
  return { files: found, folders, cursor: next };
}
