/** One of the two sides of a sync: a folder on this machine, or one at the server. */

import type { Abortable, StoredFile, TransferError, WireFile } from "@naru/core";

/** A file of one side. */
export interface SyncFile {
  /** Its name as this side spells it. */
  readonly name: string;
  readonly size: number;
  readonly modifiedMs: number;
  /** What the server says of it, on its side. */
  readonly wire?: WireFile | undefined;
  /** What a store says of it, with its whole path there, where the side is a store. */
  readonly stored?: StoredFile | undefined;
}

/** Why something is not carried. */
export interface Unfit {
  readonly name: string;
  readonly why: string;
  /** It holds something that is missing at the other side; a link or a device does not. */
  readonly isFailure: boolean;
}

/** What is in a folder, by key (`keyOf`). */
export interface FolderContent {
  readonly files: ReadonlyMap<string, SyncFile>;
  /** Names of folders. */
  readonly folders: ReadonlyMap<string, string>;
  readonly unfit: ReadonlyMap<string, Unfit>;
  /** What unfinished downloads keep beside their files, by name: the file, and the key of the one that it is to be. */
  readonly parts: ReadonlyMap<string, { readonly file: SyncFile; readonly of: string }>;
}

/** A side of a sync. Paths are relative to its folder, `""` is the folder itself. */
export interface SyncSide {
  /** Read a folder; `undefined` where there is none. @throws {TransferError} when it cannot be read */
  read(folder: string, options?: Abortable): Promise<FolderContent | undefined>;
  /** Why it cannot hold something at a path, if so. */
  fault(path: string): TransferError | undefined;
}

/** File systems of Windows and macOS take names that differ only in case for one. */
const foldsCase = process.platform === "win32" || process.platform === "darwin";

/** What names have in common that are one name at the other side. */
export function keyOf(name: string): string {
  const composed = name.normalize("NFC");
  return foldsCase ? composed.toLowerCase() : composed;
}

/** Join a relative path and a name. */
export function pathIn(folder: string, name: string): string {
  return folder === "" ? name : `${folder}/${name}`;
}
