import { type Abortable, type StoredFile, TransferError } from "@naru/core";
import { refuseClash } from "./clashes.ts";
import { contentOf } from "./folder-content.ts";
import { wordsOf } from "./folder-move-words.ts";
import type { FolderMovesOptions } from "./folder-moves-options.ts";

export interface WantedMove {
  readonly from: string;
  readonly to: string;
  readonly copies: boolean;
  readonly entry: "file" | "folder";
  /** Whether a file at `to` is replaced. */
  readonly replace: boolean;
}

export interface MovePlan {
  /** What there is to do; folders have a final `/`. */
  readonly paths: readonly string[];
  /** Of a single file. */
  readonly size?: number | undefined;
  /** The etag of the file that is replaced. */
  readonly replaces?: string | undefined;
}

/** Check that it can be done, and list all that there is to do. @throws {TransferError} `not-found`; `invalid`; `conflict` */
export async function planMove(
  wanted: WantedMove,
  { folderMoves, store }: Pick<FolderMovesOptions, "folderMoves" | "store">,
  options: Abortable,
): Promise<MovePlan> {
  const { copies, entry, from, replace, to } = wanted;
  const { doing } = wordsOf(wanted);
  if (`${to}/`.startsWith(`${from}/`)) {
    throw new TransferError("invalid", `Cannot ${doing}: the target is inside it`);
  }
  const file = entry === "file" ? await fileAt(from, { doing, store }, options) : undefined;
  const paths = file ? [file.path] : await folderAt(from, { doing, store }, options);
  const there = await store.stat(to, options);
  if (there && !replace) {
    throw new TransferError("conflict", `Cannot ${doing}: there is already a file with this name`);
  }
  // One that failed left a folder there, which is no reason to refuse what would finish it.
  const tried = await folderMoves.find({ source: from, target: to, copies: copies ? 1 : 0 });
  await refuseClash(store, { doing, path: to, kind: tried ? "folder" : "file" }, options);
  return { paths, size: file?.size, replaces: there?.etag };
}

interface Where extends Pick<FolderMovesOptions, "store"> {
  readonly doing: string;
}

async function fileAt(path: string, { doing, store }: Where, options: Abortable): Promise<StoredFile> {
  const file = await store.stat(path, options);
  if (file) return file;
  throw new TransferError("not-found", `Cannot ${doing}: there is no such file`);
}

async function folderAt(path: string, { doing, store }: Where, options: Abortable): Promise<readonly string[]> {
  const paths = await contentOf(store, path, options);
  const isThere = paths.length > 1 || ((await store.folders?.has(path, options)) ?? false);
  if (isThere) return paths;
  throw new TransferError("not-found", `Cannot ${doing}: there is no such folder`);
}
