/** What a sync saw of something before it deletes it: what came or changed since is never deleted with it. */

import { createHash } from "node:crypto";
import { type Abortable, TransferError } from "@naru/core";
import type { FolderContent, SyncFile, SyncSide } from "./sync-side.ts";
import { pathIn } from "./sync-side.ts";

/** A file, or a digest of all that is in a folder. */
export type Seen =
  | { readonly isFolder: false; readonly file: SyncFile }
  | { readonly isFolder: true; readonly digest: string };

export interface SeenFolder {
  readonly digest: string;
  /** The first thing in it that no sync carries, and so none deletes. */
  readonly unfit: { readonly path: string; readonly why: string } | undefined;
}

/** Look at all that is in a folder. @throws {TransferError} when some of it cannot be read */
export async function lookInto(side: SyncSide, folder: string, options: Abortable): Promise<SeenFolder> {
  const hash = createHash("sha256");
  const waiting = [folder];
  let unfit: SeenFolder["unfit"];
  for (const path of waiting) {
    options.signal?.throwIfAborted();
    const content = await side.read(path, options);
    if (content === undefined) continue;
    const [first] = content.unfit.values();
    if (first) unfit ??= { path: pathIn(path, first.name), why: first.why };
    hash.update(JSON.stringify([path, linesOf(content)]));
    for (const name of [...content.folders.values()].sort()) waiting.push(pathIn(path, name));
  }
  return { digest: hash.digest("base64"), unfit };
}

/** @throws {TransferError} `file-changed` when a folder is not as it was seen */
export async function refuseUnseen(
  side: SyncSide,
  { to, seen }: { readonly to: string; readonly seen: Seen },
  options: Abortable,
): Promise<void> {
  if (!seen.isFolder || (await lookInto(side, to, options)).digest === seen.digest) return;
  throw new TransferError("file-changed", `Cannot delete "${to}/": something in it has changed during the sync`);
}

function linesOf({ files, folders, parts, unfit }: FolderContent): readonly string[] {
  return [
    ...[...files.values()].map(
      ({ name, size, modifiedMs, wire }) => `file ${wire?.etag ?? modifiedMs} ${size} ${name}`,
    ),
    ...[...folders.values()].map((name) => `folder ${name}`),
    ...[...parts.keys()].map((name) => `part ${name}`),
    ...[...unfit.values()].map(({ name }) => `other ${name}`),
  ].sort();
}
