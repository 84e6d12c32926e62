import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ListOptions } from "@naru/core";
import { ifThere } from "./file-error.ts";
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
export async function listNames(root: string, options: ListOptions): Promise<NamePage> {
  const { prefix = "", cursor = "", limit = 1000, delimiter, signal } = options;
  const files: string[] = [];
  const folders: string[] = [];
  let last = "";
  const start = prefix.slice(0, prefix.lastIndexOf("/") + 1);
  if (!isClean(start)) return { files, folders };
  for await (const entry of walk({ root, prefix, after: byteKey(cursor), fold: delimiter === "/" }, start)) {
    signal?.throwIfAborted();
    if (files.length + folders.length === limit) return { files, folders, cursor: last };
    if ("file" in entry) files.push(entry.file);
    else folders.push(entry.folder);
    last = "file" in entry ? entry.file : entry.folder;
  }
  return { files, folders };
}

interface Walk {
  readonly root: string;
  readonly prefix: string;
  /** The byte key after which entries begin. */
  readonly after: string;
  readonly fold: boolean;
}

async function* walk(how: Walk, folder: string): AsyncGenerator<Entry> {
  for (const { path, key, isFolder } of await entriesOf(how, folder)) {
    if (!isFolder) {
      if (key > how.after) yield { file: path };
    } else if (how.fold && path.startsWith(how.prefix)) {
      if (key > how.after) yield { folder: path };
    } else if (key > how.after || how.after.startsWith(key)) yield* walk(how, path);
  }
}

async function entriesOf({ root, prefix }: Walk, folder: string) {
  const found = (await ifThere(readdir(join(root, folder), { withFileTypes: true }))) ?? [];
  return found
    .filter(
      (entry) => (entry.isFile() || entry.isDirectory()) && (folder !== "" || entry.name.toLowerCase() !== hiddenName),
    )
    .map((entry) => {
      const isFolder = entry.isDirectory();
      const path = `${folder}${entry.name}${isFolder ? "/" : ""}`;
      return { path, key: byteKey(path), isFolder };
    })
    .filter(({ path, isFolder }) => path.startsWith(prefix) || (isFolder && prefix.startsWith(path)))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Text that compares as the UTF-8 bytes of `path` do. */
function byteKey(path: string): string {
  return Buffer.from(path, "utf8").toString("latin1");
}

/** Whether a prefix's folder stays inside the root; what does not, holds no files. */
function isClean(folder: string): boolean {
  const names = folder.split("/").slice(0, -1);
  const safe = names.every((name) => name !== "" && name !== "." && name !== ".." && !name.includes("\0"));
  return safe && (names[0]?.toLowerCase() !== hiddenName || isBinned(names));
}
