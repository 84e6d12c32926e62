import { createHash } from "node:crypto";
import { type Files, isTransferError, type Store, type StoredFile, type Upload } from "@naru/core";
import { binnedPath } from "./bin-path.ts";
import type { ArrivedChange, Change, MadeChange, MovedChange, RemovedChange } from "./change-journal.ts";
import type { ChangesOptions, Note } from "./changes-options.ts";
import { restoreAside } from "./file-aside.ts";
import { hasFolder } from "./kept-folders.ts";
import { noteArrived, noteFolder, noteMoved, noteRemoved } from "./notes.ts";

/** Look up at the store whether a change has happened, and say what it came to; `undefined` if it has not. */
export function settleChange(change: Change, options: ChangesOptions): Promise<Note | undefined> {
  if (change.kind === "removed") return settleRemoved(change, options);
  if (change.kind === "moved") return settleMoved(change, options);
  return change.entry === "file" ? settleArrived(change, options) : settleMade(change, options);
}

async function settleRemoved(change: RemovedChange, { store, facts }: ChangesOptions): Promise<Note | undefined> {
  const { entry, path } = change;
  const isThere = entry === "file" ? await store.stat(path) : await hasFolder(store, path, {});
  if (isThere) return undefined;
  return entry === "file" ? noteRemoved(change, { facts }) : noteFolder(change);
}

async function settleMade(change: MadeChange, { store }: ChangesOptions): Promise<Note | undefined> {
  return (await hasFolder(store, change.path, {})) ? noteFolder(change) : undefined;
}

/** A bucket copies before it removes: what is there under both names is as if nothing had happened. */
async function settleMoved(change: MovedChange, { bin, store, facts }: ChangesOptions): Promise<Note | undefined> {
  if (await store.stat(change.from)) {
    // A copy in the bin would stay there, unknown to anybody.
    if (binnedPath(change.path)) await store.remove(change.path);
    return undefined;
  }
  const file = await store.stat(change.path);
  return file && noteMoved(change, file, { bin, facts });
}

async function settleArrived(change: ArrivedChange, options: ChangesOptions): Promise<Note | undefined> {
  const file = await arrivedFile(change, options);
  if (change.aside) await restoreAside(change, change.aside, options);
  return file && noteArrived(change, file, options);
}

/** The file that it has become, under its own name. */
async function arrivedFile(change: ArrivedChange, { store }: ChangesOptions): Promise<StoredFile | undefined> {
  const { at, path, upload } = change;
  if (upload === undefined) return writtenFile(change, store);
  if (await isAtStore(store, upload.storeId)) return undefined;
  if (at === path) return sameFile(change, await store.stat(path));
  const moved = sameFile(change, await store.stat(path));
  if (moved) return moved;
  const appeared = sameFile(change, await store.stat(at));
  return appeared && store.move(at, path, { file: appeared });
}

/** What was to be written in one call, if it is there. Nobody looked at what it replaces: only its bytes tell them apart. */
async function writtenFile(change: ArrivedChange, store: Files): Promise<StoredFile | undefined> {
  const { md5 } = change.facts;
  const file = sameFile(change, await store.stat(change.path));
  if (file === undefined || typeof md5 !== "string" || isProven(change, file)) return file;
  return (await md5Of(store, file)) === md5 ? file : undefined;
}

async function md5Of(store: Files, { path, etag }: StoredFile): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of await store.read(path, { etag })) hash.update(chunk);
  return hash.digest("hex");
}

/** An upload that became a file is not there any more. */
async function isAtStore(store: Store, storeId: string): Promise<boolean> {
  try {
    const upload: Upload = await store.resume(storeId);
    await upload.receipts();
    return true;
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return false;
    throw error;
  }
}

/** What is there, unless it is known to be other bytes. */
function sameFile(change: ArrivedChange, file: StoredFile | undefined): StoredFile | undefined {
  const { before, facts, size } = change;
  if (file === undefined || (size !== undefined && file.size !== size)) return undefined;
  if (isProven(change, file)) return file.crc64 === facts.crc64 || file.etag === facts.md5 ? file : undefined;
  return file.etag === before ? undefined : file;
}

/** Whether a checksum tells what the file is. */
function isProven({ facts }: ArrivedChange, file: StoredFile): boolean {
  if (file.crc64 !== undefined && typeof facts.crc64 === "string") return true;
  return typeof facts.md5 === "string" && /^[0-9a-f]{32}$/u.test(file.etag);
}
