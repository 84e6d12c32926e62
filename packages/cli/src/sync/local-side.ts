/** A folder on this machine as a side of a sync. */

import { isUtf8 } from "node:buffer";
import type { Dirent } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { TransferError } from "@naru/core";
import { FolderBuilder } from "./folder-builder.ts";
import type { FolderContent, SyncSide } from "./sync-side.ts";

const statsAtOnce = 64;
const unfinished = /^(.+)\.naru-part(?:\.json(?:\.new)?)?$/su;

/** Open the folder `root`, which need not be there. */
export function localSide(root: string): SyncSide {
  return {
    read: (folder) => readFolder(localPlace(root, folder)),
    fault: (path) => {
      if (process.platform !== "win32") return undefined;
      const name = path.slice(path.lastIndexOf("/") + 1);
      if (!/[<>:"|?*]|[. ]$/u.test(name)) return undefined;
      return new TransferError("invalid", `Cannot use the path "${path}": Windows keeps no file of this name`);
    },
  };
}

/** Where a relative path is on this machine. */
export function localPlace(root: string, path: string): string {
  return join(root, ...path.split("/"));
}

async function readFolder(folder: string): Promise<FolderContent | undefined> {
  const entries = await entriesOf(folder);
  if (entries === undefined) return undefined;
  const content = new FolderBuilder();
  const files: Dirent<Buffer>[] = [];
  for (const entry of entries) {
    const name = entry.name.toString();
    if (!isUtf8(entry.name)) content.leave(name, "its name is not UTF-8", { isFailure: true });
    else if (entry.isDirectory()) content.folder(name);
    else if (entry.isFile() || entry.isSymbolicLink()) files.push(entry);
    else content.leave(name, "it is not a regular file");
  }
  const queue = files.values();
  const look = async (): Promise<void> => {
    for (const entry of queue) await lookAt(folder, entry, content);
  };
  await Promise.all(Array.from({ length: statsAtOnce }, look));
  return content;
}

/** A link to a file is taken for the file. One to a folder is not followed, so that nothing is found twice or without end. */
async function lookAt(folder: string, entry: Dirent<Buffer>, content: FolderBuilder): Promise<void> {
  const name = entry.name.toString();
  const facts = await stat(join(folder, name)).catch(() => undefined);
  if (facts?.isFile()) {
    const file = { name, size: facts.size, modifiedMs: Math.trunc(facts.mtimeMs) };
    const [, of] = entry.isFile() ? (unfinished.exec(name) ?? []) : [];
    if (of === undefined) content.file(file);
    else content.part(file, of);
  } else if (facts?.isDirectory()) content.leave(name, "it is a link to a folder");
  else if (entry.isSymbolicLink()) content.leave(name, "it is a link that leads to no file");
  else content.leave(name, "it is gone, or cannot be looked at", { isFailure: true });
}

/** In the bytes that the disk has: what is not UTF-8 could not be opened by its text. */
async function entriesOf(folder: string): Promise<readonly Dirent<Buffer>[] | undefined> {
  try {
    return await readdir(folder, { encoding: "buffer", withFileTypes: true });
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
    if (code === "ENOENT") return undefined;
    const why = code === "ENOTDIR" ? "it is not a folder" : "it cannot be read";
    throw new TransferError("forbidden", `Cannot read the folder "${folder}": ${why}`, { cause });
  }
}
