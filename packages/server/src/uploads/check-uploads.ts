/**
 * What would become of files if they were sent: rights, names, sizes, room and conflicts, looked at before the first byte.
 * Nothing is claimed, so what is found here may have changed when a file comes.
 *
 * @module
 */

import {
  type Abortable,
  type CheckedFile,
  type CheckedUploads,
  choosePartSize,
  type FileToCheck,
  type Readable,
  type StoredFile,
  TransferError,
  toWireError,
  toWireFile,
} from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { ListedFolders } from "../catalogue/listed-folders.ts";
import type { Rights } from "../catalogue/rights.ts";
import { mapPool } from "../pool.ts";

export interface CheckUploadsOptions extends Abortable {
  readonly catalogue: Catalogue;
  /** What the caller may do; without them, everything. */
  readonly rights?: Rights | undefined;
}

const checkedAtOnce = 16;
/** Clocks of file systems and archives are coarse. */
const sameTimeMs = 1000;

/** Look at each file; one that could not be read has its error in its place. */
export async function checkUploads(
  wishes: readonly Readable<FileToCheck>[],
  { catalogue, rights, signal }: CheckUploadsOptions,
): Promise<CheckedUploads> {
  const files = wishes.flatMap((wish) => ("ok" in wish ? [wish.ok] : []));
  using listed = catalogue.listed(files.map(({ path }) => path));
  const room = roomOf(catalogue, { signal });
  const results = await mapPool(wishes, checkedAtOnce, async (wish): Promise<CheckedFile> => {
    try {
      if ("error" in wish) throw wish.error;
      const { path, size } = wish.ok;
      rights?.check("write", path, "send");
      choosePartSize(size, catalogue.store.limitsFor(path));
      const free = await room(path);
      if (free !== undefined && size > free) throw noRoom(path, size, free);
      return await lookAt(wish.ok, listed, { catalogue, rights, signal });
    } catch (error) {
      return { error: toWireError(error) };
    }
  });
  const [first] = files;
  return { results, free: first && (await room(first.path)) };
}

async function lookAt(
  wish: FileToCheck,
  listed: ListedFolders,
  { catalogue, rights, signal }: CheckUploadsOptions,
): Promise<CheckedFile> {
  const { path } = wish;
  const taken = await catalogue.claims.look(path, { files: listed, signal });
  if (taken !== "file") return taken === undefined ? {} : { taken };
  // That there is one, who may write there would learn anyway.
  const file = rights?.shows(path) === false ? undefined : await catalogue.files.stat(path, { signal });
  if (file === undefined) return { taken };
  return { taken, file: toWireFile(file), same: await sameness(wish, file, { catalogue, signal }) };
}

async function sameness(
  { path, size, modified, md5, crc64 }: FileToCheck,
  there: StoredFile,
  { catalogue, signal }: CheckUploadsOptions,
): Promise<CheckedFile["same"]> {
  if (there.size !== size) return undefined;
  if (crc64 !== undefined && there.crc64 !== undefined) return crc64 === there.crc64 ? "content" : undefined;
  if (md5 !== undefined) {
    return (await catalogue.find({ path, size, md5, crc64, conflict: "fail" }, { signal })) && "content";
  }
  if (modified === undefined) return undefined;
  return Math.abs(Date.parse(modified) - there.modified.getTime()) < sameTimeMs ? "facts" : undefined;
}

/** Asks for the room of each folder once. */
function roomOf({ store }: Catalogue, options: Abortable): (path: string) => Promise<number | undefined> {
  const known = new Map<string, Promise<number | undefined>>();
  return (path) => {
    const folder = path.slice(0, Math.max(0, path.lastIndexOf("/")));
    const asked = known.get(folder) ?? askRoom(folder);
    known.set(folder, asked);
    return asked;
  };
  // A store that does not answer has room until a file comes.
  async function askRoom(path: string): Promise<number | undefined> {
    const space = await store.space?.({ path, ...options }).catch(() => undefined);
    return space?.free;
  }
}

function noRoom(path: string, size: number, free: number): TransferError {
  return new TransferError("no-space", `Cannot send "${path}": it has ${size} bytes, and there is room for ${free}`);
}
