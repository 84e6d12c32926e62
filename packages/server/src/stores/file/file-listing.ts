import { join } from "node:path";
import type { ListOptions } from "@naru/core";
import { byteKey, type FolderNames } from "./folder-names.ts";
import { hiddenName, isBinned } from "./root-folder.ts";

/** A file, or with a final `/` a folder that was folded. */
export type Entry = { readonly file: string } | { readonly folder: string };

/** A page of names: what is in it, and where the next one begins. */
export interface NamePage {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  readonly cursor?: string | undefined;
}

/**
 * List files in the order of object stores: by the bytes of their whole paths. Symbolic links are not followed.
 * Only folders that may hold an entry of this page are read.
 */
export async function listNames(
  { names, root }: { readonly names: FolderNames; readonly root: string },
  options: ListOptions,
): Promise<NamePage> {
  const { prefix = "", cursor = "", limit = 1000, delimiter, signal, wanted, markers = false } = options;
  let looked = 0;
  const files: string[] = [];
  const folders: string[] = [];
  let last = "";
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (!isClean(start)) return { files, folders };
  const how = { names, root, prefix, after: byteKey(cursor), fold: delimiter === "/", wanted, markers };
  for await (const entry of walk(how, start)) {
    signal?.throwIfAborted();
    if (looked === limit) return { files, folders, cursor: last };
    looked += 1;
    if ("folder" in entry) folders.push(entry.folder);
    else if (wanted === undefined || wanted(entry.file)) files.push(entry.file);
    last = "file" in entry ? entry.file : entry.folder;
  }
  return { files, folders };
}

interface Found {
  readonly path: string;
  readonly key: string;
  readonly isFolder: boolean;
}

interface Walk {
  readonly names: FolderNames;
  readonly root: string;
  readonly prefix: string;
  /** The byte key after which entries begin. */
  readonly after: string;
  readonly fold: boolean;
  readonly wanted: ListOptions["wanted"];
  /** Empty folders are entries too. */
  readonly markers: boolean;
}

async function* walk(how: Walk, folder: string): AsyncGenerator<Entry> {
  const entries = await entriesOf(how, folder);
  const isEmpty = entries.length === 0 && how.markers && folder.startsWith(how.prefix) && folder !== how.prefix;
  if (isEmpty && byteKey(folder) > how.after) yield { folder };
  for (const { path, key, isFolder } of entries) {
    if (!isFolder) {
      if (key > how.after) yield { file: path };
    } else if (how.fold && path.startsWith(how.prefix)) {
      if (key > how.after) yield { folder: path };
    } else if (key > how.after || how.after.startsWith(key)) {
      if (key > how.after && path.startsWith(how.prefix)) how.wanted?.(path);
      yield* walk(how, path);
    }
  }
}

async function entriesOf({ after, names, prefix, root }: Walk, folder: string): Promise<readonly Found[]> {
  const entries = await names.read(join(root, folder), { isRoot: folder === "", next: after !== "" });
  const key = byteKey(folder);
  const found: Found[] = [];
  for (const entry of entries) {
    const path = folder + entry.name;
    if (!path.startsWith(prefix) && !(entry.isFolder && prefix.startsWith(path))) continue;
    found.push({ path, key: key + entry.key, isFolder: entry.isFolder });
  }
  return found;
}

/** Whether a prefix's folder stays inside the root; what does not, holds no files. */
function isClean(folder: string): boolean {
  const names = folder.split("/").slice(0, -1);
  const safe = names.every((name) => name !== "" && name !== "." && name !== ".." && !name.includes("\0"));
  return safe && (names[0]?.toLowerCase() !== hiddenName || isBinned(names));
}
