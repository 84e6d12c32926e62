/** Listings that several stores have a part in: first the folders of mounts, then what the store around them holds, then they. */

import { type FilePage, isTransferError, type ListOptions } from "@naru/core";
import { type Mount, type MountTable, outward, outwardPath } from "./mount-table.ts";

const usualLimit = 1000;

type Segment = (cursor: string | undefined, limit: number) => Promise<FilePage>;

/** List what begins with a prefix. */
export async function listMounts(table: MountTable, options: ListOptions = {}): Promise<FilePage> {
  const { prefix = "", delimiter } = options;
  const { mount, path } = table.at(prefix);
  const below = table.below(prefix);
  if (below.length === 0) return listOne(mount, { ...options, prefix: path });
  const around = segmentOf(table, mount, { ...options, prefix: path });
  if (delimiter === undefined) {
    const others = below.map((one) =>
      orMissing(one, segmentOf(table, one, { ...options, prefix: "", span: undefined }), options),
    );
    return walk([around, ...others], options);
  }
  const start = prefix.normalize("NFC").length;
  const folders = [...new Set(below.map((one) => one.prefix.slice(0, one.prefix.indexOf("/", start) + 1)))];
  const others: Segment = async (cursor, limit) => {
    const page = await around(cursor, limit);
    return { ...page, folders: page.folders.filter((folder) => !folders.includes(folder)) };
  };
  return walk([namesOf(folders), others], options);
}

async function listOne(mount: Mount, options: ListOptions): Promise<FilePage> {
  const { wanted } = options;
  const within = wanted ? { ...options, wanted: (path: string) => wanted(outwardPath(mount, path)) } : options;
  const page = await mount.store.list(within);
  if (mount.prefix === "") return page;
  return {
    files: page.files.map((file) => outward(mount, file)),
    folders: page.folders.map((folder) => outwardPath(mount, folder)),
    cursor: page.cursor,
  };
}

/** What one store has, but for what others cover. */
function segmentOf(table: MountTable, mount: Mount, options: ListOptions): Segment {
  const isSeen = (path: string): boolean => table.find(path).mount === mount;
  return async (cursor, limit) => {
    const page = await listOne(mount, { ...options, cursor, limit });
    return { ...page, files: page.files.filter(({ path }) => isSeen(path)), folders: page.folders.filter(isSeen) };
  };
}

/** Whoever asks to be told of what does not answer has what the others hold. */
function orMissing({ prefix }: Mount, segment: Segment, { onMissing }: ListOptions): Segment {
  if (onMissing === undefined) return segment;
  return async (cursor, limit) => {
    try {
      return await segment(cursor, limit);
    } catch (error) {
      if (!isTransferError(error) || !error.retryable) throw error;
      onMissing(prefix);
      return { files: [], folders: [], cursor: undefined };
    }
  };
}

function namesOf(folders: readonly string[]): Segment {
  return async (cursor, limit) => {
    const from = Number(cursor ?? 0);
    const to = from + limit;
    return { files: [], folders: folders.slice(from, to), cursor: to < folders.length ? String(to) : undefined };
  };
}

/** One segment after the other. A cursor tells the segment, and where in it the last page ended. */
async function walk(segments: readonly Segment[], options: ListOptions): Promise<FilePage> {
  const { cursor = "0:", limit = usualLimit, signal } = options;
  const colon = cursor.indexOf(":");
  let within = cursor.slice(colon + 1) || undefined;
  const files: FilePage["files"][number][] = [];
  const folders: string[] = [];
  for (const [index, segment] of segments.entries()) {
    if (index < Number(cursor.slice(0, colon))) continue;
    do {
      signal?.throwIfAborted();
      const room = limit - files.length - folders.length;
      if (room <= 0) return { files, folders, cursor: `${index}:${within ?? ""}` };
      const page = await segment(within, room);
      files.push(...page.files);
      folders.push(...page.folders);
      within = page.cursor;
    } while (within !== undefined);
  }
  return { files, folders, cursor: undefined };
}
