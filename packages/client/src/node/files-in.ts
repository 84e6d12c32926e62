/** Files and folders of this computer as they are named by its user. */

import { isUtf8 } from "node:buffer";
import type { Dirent, Stats } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { isTransferError, normalizePath, TransferError } from "@naru/core";

interface Named {
  readonly file: string;
  /** Its path below the destination's folder. */
  readonly path: string;
}

/** A file on this disk, what it will be called, and what it was when it was found. */
export interface NamedFile extends Named {
  readonly size: number;
  readonly modifiedMs: number;
}

/** What can be sent, and why the rest cannot. */
export interface FilesIn {
  readonly files: readonly NamedFile[];
  /** Paths of folders that nothing is in, for those who can make them at the destination. */
  readonly emptyFolders: readonly string[];
  readonly refused: readonly TransferError[];
}

/**
 * Find the files that `names` name, and those in the folders that they name. A link to a file is taken for the file; one
 * in a folder that leads to a folder is not followed, so that nothing is found twice or without end. Unless
 * `emptyFoldersToo`, a name under which there is no file is refused.
 */
export async function filesIn(
  names: readonly string[],
  { emptyFoldersToo = false }: { readonly emptyFoldersToo?: boolean } = {},
): Promise<FilesIn> {
  const files: NamedFile[] = [];
  const emptyFolders: string[] = [];
  const refused: TransferError[] = [];
  for (const name of names) {
    const file = resolve(name);
    const known = files.length + refused.length;
    for await (const found of named({ file, path: basename(file) })) {
      if (isTransferError(found)) refused.push(found);
      else if ("emptyFolder" in found) emptyFolders.push(found.emptyFolder);
      else files.push(found);
    }
    if (!emptyFoldersToo && files.length + refused.length === known) {
      refused.push(refusal(name, "there is nothing in it"));
    }
  }
  return { files, emptyFolders, refused };
}

type Found = AsyncGenerator<NamedFile | { readonly emptyFolder: string } | TransferError>;

async function* named(one: Named): Found {
  const facts = await factsOf(one.file);
  if (facts === undefined) yield refusal(one.file, "there is no such file", "not-found");
  else if (facts.isDirectory()) yield* inside(one);
  else yield checked(one, facts);
}

async function* inside(folder: Named): Found {
  const entries = await entriesOf(folder.file);
  if (isTransferError(entries)) {
    yield entries;
    return;
  }
  if (entries.length === 0) {
    const path = checkedPath(folder.path);
    yield isTransferError(path) ? path : { emptyFolder: path };
  }
  for (const entry of entries) {
    const name = entry.name.toString();
    const one = { file: join(folder.file, name), path: `${folder.path}/${name}` };
    if (!isUtf8(entry.name)) yield refusal(one.file, "its name is not UTF-8");
    else if (entry.isDirectory()) yield* inside(one);
    else yield checked(one, await factsOf(one.file));
  }
}

/** In the bytes that the disk has: what is not UTF-8 could not be opened by its text. */
async function entriesOf(folder: string): Promise<readonly Dirent<Buffer>[] | TransferError> {
  try {
    return await readdir(folder, { encoding: "buffer", withFileTypes: true });
  } catch (cause) {
    return refusal(folder, "it cannot be read", "forbidden", { cause });
  }
}

function checked(one: Named, facts: Stats | undefined): NamedFile | TransferError {
  if (facts === undefined) return refusal(one.file, "it is a link that leads to nothing");
  if (facts.isDirectory()) return refusal(one.file, "it is a link to a folder");
  if (!facts.isFile()) return refusal(one.file, "it is not a regular file");
  const path = checkedPath(one.path);
  if (isTransferError(path)) return path;
  return { ...one, size: facts.size, modifiedMs: Math.trunc(facts.mtimeMs) };
}

function checkedPath(path: string): string | TransferError {
  try {
    return normalizePath(path);
  } catch (error) {
    if (isTransferError(error)) return error;
    throw error;
  }
}

async function factsOf(file: string): Promise<Stats | undefined> {
  return stat(file).catch(() => undefined);
}

function refusal(
  file: string,
  why: string,
  code: "invalid" | "not-found" | "forbidden" = "invalid",
  options?: ErrorOptions,
): TransferError {
  // A line for each, also of what has a line end in its name.
  return new TransferError(code, `Cannot send "${file.replaceAll(/\p{Cc}/gu, "?")}": ${why}`, options);
}
