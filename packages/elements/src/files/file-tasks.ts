import type { NaruApi } from "@naru/client";
import { type FailureCode, isTransferError, renamed, type WireFile } from "@naru/core";
import { type Entry, fileEntry, folderEntry, type ListedEntry } from "./entry.ts";

/** What has the name that was wished for. */
export interface Taken {
  readonly name: string;
  readonly by: WireFile | "folder";
}

/** What is in folders: all of it, or as far as it is counted. */
export interface Counted {
  readonly files: number;
  readonly size: number;
  readonly at: "counting" | "all" | "more";
}

/** Why a task came to nothing; `awaits`: a file is being uploaded into the folder. */
export type TaskFailure = FailureCode | "awaits";

/** What the dialog of the file list is asked to settle. */
export type FileTask = { readonly failed?: TaskFailure | undefined } & (
  | { readonly at: "folder" }
  | { readonly at: "rename"; readonly entry: Entry; readonly taken?: Taken | undefined; readonly wish?: string }
  | { readonly at: "remove"; readonly entries: readonly Entry[]; readonly counted?: Counted | undefined }
);

/** More than these are not counted: the answer is the same. */
const mostCounted = 20_000;
const pageSize = 1000;
const triedNames = 20;

/** Rename, and never replace unless `replace` says so: gives what it is then, or what has the name already. */
export async function renameEntry(
  api: NaruApi,
  { kind, path }: Entry,
  { to, replace }: { readonly to: string; readonly replace: boolean },
): Promise<{ readonly entry: ListedEntry } | { readonly taken: Taken }> {
  try {
    if (kind === "folder")
      return { entry: folderEntry(`${await api.moveFolder(path.slice(0, -1), to, { conflict: "fail" })}/`) };
    return { entry: fileEntry(await api.move(path, to, { conflict: replace ? "overwrite" : "fail" })) };
  } catch (error) {
    if (!isTransferError(error) || error.code !== "conflict") throw error;
    const by = await whatIsAt(api, to);
    if (by === undefined) throw error;
    return { taken: { name: to.slice(to.lastIndexOf("/") + 1), by } };
  }
}

/** Find a name near `path` that nothing has. */
export async function freePath(api: NaruApi, path: string): Promise<string> {
  for (let n = 2; n < triedNames; n += 1) {
    const candidate = renamed(path, n);
    if ((await whatIsAt(api, candidate)) === undefined) return candidate;
  }
  return path;
}

/** Make a folder; false when something of this name is there. */
export async function makeFolder(api: NaruApi, path: string): Promise<boolean> {
  if ((await whatIsAt(api, path)) !== undefined) return false;
  await api.makeFolder(path);
  return true;
}

/** Remove a file, or a folder with all that is in it. */
export async function removeEntry(api: NaruApi, { kind, path }: Entry): Promise<void> {
  if (kind === "file") return api.remove(path);
  try {
    await api.removeFolder(path.slice(0, -1), { recursive: true });
  } catch (error) {
    // Gone already is what was asked for.
    if (!isTransferError(error) || error.code !== "not-found") throw error;
  }
}

/** Count the files of these, and of the folders among them all that is in them, telling how far it is after each page. */
export async function* countFiles(
  api: NaruApi,
  entries: readonly Entry[],
  signal: AbortSignal,
): AsyncGenerator<Counted> {
  let files = 0;
  let size = 0;
  for (const entry of entries) {
    if (entry.kind === "file") {
      files += 1;
      size += sizeOf(entry);
      continue;
    }
    let cursor: string | undefined;
    do {
      const page = await api.list({ prefix: entry.path, limit: pageSize, cursor, signal });
      files += page.files.length;
      for (const file of page.files) size += file.size;
      cursor = page.cursor;
      if (cursor !== undefined && files >= mostCounted) return yield { files, size, at: "more" };
      yield { files, size, at: "counting" };
    } while (cursor !== undefined);
  }
  yield { files, size, at: "all" };
}

/** Tell why a task failed. */
export function failureOf(error: unknown, { at, ...task }: FileTask): TaskFailure {
  if (!isTransferError(error)) return "internal";
  const entries = "entries" in task ? task.entries : "entry" in task ? [task.entry] : [];
  const hasFolder = entries.some(({ kind }) => kind === "folder");
  return hasFolder && at !== "folder" && error.code === "conflict" ? "awaits" : error.code;
}

async function whatIsAt(api: NaruApi, path: string): Promise<Taken["by"] | undefined> {
  const file = await api.stat(path);
  if (file !== undefined) return file;
  return (await api.hasFolder(path)) ? "folder" : undefined;
}

function sizeOf(entry: Entry): number {
  return "size" in entry && typeof entry.size === "number" ? entry.size : 0;
}
