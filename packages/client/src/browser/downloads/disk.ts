/** What all files of a page have in common, be they the browser's own or in a chosen folder. */

import { TransferError } from "@naru/core";

/** The name that a file has until it is whole. */
export function partOf(name: string): string {
  return `${name}.naru-part`;
}

/**
 * Make the file of a chosen folder that holds `name` until it is whole. Chromium writes beside it, in `.crswap`, and forgets
 * that one when it is killed; the next gets another name, and the first would stay for ever.
 *
 * @throws {TransferError} `no-space`
 */
export async function newPart(folder: FileSystemDirectoryHandle, name: string): Promise<FileSystemFileHandle> {
  await folder.removeEntry(`${partOf(name)}.crswap`).catch(() => undefined);
  return onDisk(name, () => folder.getFileHandle(partOf(name), { create: true }));
}

/** Do what needs room. @throws {TransferError} `no-space` */
export async function onDisk<T>(name: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== "QuotaExceededError") throw cause;
    throw new TransferError("no-space", `Cannot write "${name}": the browser has no room for it`, { cause });
  }
}

/** Refuse chunks that do not fit into a file of `size` bytes. @throws {TransferError} `invalid` */
export function refuseOutside(
  offset: number,
  chunks: readonly Uint8Array[],
  { name, size }: { readonly name: string; readonly size: number },
): void {
  const end = chunks.reduce((sum, { length }) => sum + length, offset);
  if (offset >= 0 && end <= size) return;
  throw new TransferError("invalid", `Cannot write ${offset}-${end} of "${name}": it has ${size} bytes`);
}

interface Movable {
  move?(name: string): Promise<void>;
}

/** Give a whole file its name; what was there is replaced. */
export async function renamed(
  file: FileSystemFileHandle & Movable,
  { folder, name }: { readonly folder: FileSystemDirectoryHandle; readonly name: string },
): Promise<void> {
  if (file.move !== undefined && (await file.move(name).then(...settled))) return;
  const to = await folder.getFileHandle(name, { create: true });
  await (await file.getFile()).stream().pipeTo(await to.createWritable());
  await folder.removeEntry(file.name);
}

/** Folders of some file systems rename nothing. */
const settled = [() => true, () => false] as const;
