import type { FilesApi, NaruApi } from "@naru/client";
import { type ConflictPolicy, isTransferError } from "@naru/core";
import { type Entry, fileEntry, folderEntry, type ListedEntry } from "./entry.ts";

/** The calls that bring entries somewhere else. */
export interface BringApi {
  readonly api: NaruApi;
  readonly files: FilesApi;
}

/** How entries come into another folder. */
export type How = "move" | "copy";

/** What became of entries that were brought into a folder. */
export interface Brought {
  readonly done: readonly { readonly from: Entry; readonly as: ListedEntry }[];
  /** Their names are taken there; nothing was replaced. */
  readonly taken: readonly Entry[];
  readonly failed: readonly { readonly entry: Entry; readonly error: unknown }[];
}

/** Move or copy entries into a folder, "" or "a/b/", one after another; what fails does not stop the others. */
export async function bringEntries(
  calls: BringApi,
  entries: readonly Entry[],
  { how, folder, conflict }: { readonly how: How; readonly folder: string; readonly conflict: ConflictPolicy },
): Promise<Brought> {
  const done: Brought["done"][number][] = [];
  const taken: Entry[] = [];
  const failed: Brought["failed"][number][] = [];
  for (const entry of entries) {
    try {
      done.push({ from: entry, as: await bringEntry(calls, entry, { how, to: `${folder}${entry.name}`, conflict }) });
    } catch (error) {
      if (isTransferError(error) && error.code === "conflict" && conflict === "fail") taken.push(entry);
      else failed.push({ entry, error });
    }
  }
  return { done, taken, failed };
}

/** Put entries that were moved back where they were; false where some could not be. */
export async function takeBack(calls: BringApi, moved: Brought["done"]): Promise<boolean> {
  let isWhole = true;
  for (const { from, as } of moved.toReversed()) {
    const to = from.kind === "folder" ? from.path.slice(0, -1) : from.path;
    await bringEntry(calls, as, { how: "move", to, conflict: "fail" }).catch(() => {
      isWhole = false;
    });
  }
  return isWhole;
}

async function bringEntry(
  { api, files }: BringApi,
  { kind, path }: Entry,
  { how, to, conflict }: { readonly how: How; readonly to: string; readonly conflict: ConflictPolicy },
): Promise<ListedEntry> {
  if (kind === "file") {
    return fileEntry(await (how === "move" ? api.move(path, to, { conflict }) : files.copy(path, to, { conflict })));
  }
  // A folder is never replaced.
  const policy = conflict === "overwrite" ? "fail" : conflict;
  if (how === "copy") return folderEntry(await files.copyFolder(path, `${to}/`, { conflict: policy }));
  return folderEntry(`${await api.moveFolder(path.slice(0, -1), to, { conflict: policy })}/`);
}
