import { rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  type Abortable,
  anySpelling,
  type ByteRange,
  type FilePage,
  type Files,
  type Folders,
  type ListOptions,
  type ReadOptions,
  type StoredFile,
  TransferError,
} from "@naru/core";
import { mapPool } from "../../pool.ts";
import { copyStored } from "./copy-file.ts";
import { type Arrivals, refuseFolder } from "./file-arrival.ts";
import { ifThere, onDisk } from "./file-error.ts";
import { FileFinder } from "./file-finder.ts";
import { listNames } from "./file-listing.ts";
import { readFileRange } from "./file-reader.ts";
import { FolderNames } from "./folder-names.ts";
import { RecentFiles } from "./recent-files.ts";
import type { RootFolder } from "./root-folder.ts";

const looksAtOnce = 32;

/** The files of a folder, as the contract sees them; `isMarked` when the store has made its own folder in it. */
export function filesIn(arrivals: Arrivals, { isMarked }: { readonly isMarked: boolean }): Files {
  const { root, facts } = arrivals;
  const names = new FolderNames();
  const recent = new RecentFiles();
  const finder = new FileFinder({ root, facts, recent });

  async function read(path: string, options: ReadOptions = {}): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
    const { range, etag, signal, allocate } = options;
    signal?.throwIfAborted();
    const known = etag === undefined ? undefined : await recent.look(path, etag);
    if (known) return readFileRange({ path, signal, allocate, ...known, ...within(range, { path, size: known.size }) });
    const { place, state, file } = await onDisk(`read "${path}"`, () => finder.need(path, "read"));
    if (etag !== undefined && etag !== file.etag) {
      throw new TransferError("conflict", `Cannot read "${path}": it has changed`);
    }
    return readFileRange({ path, place, state, signal, allocate, ...within(range, file) });
  }

  async function move(from: string, to: string, { signal }: Abortable = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    return onDisk(`move "${from}" to "${to}"`, async () => {
      const { state, file } = await finder.need(from, "move");
      if (from === to) return file;
      await root.withParents(to, async (target) => {
        await refuseFolder(target, to);
        const { etag, type, crc64 } = file;
        await facts.save(to, state, { etag, type, crc64 });
        await rename(await root.locate(from), target);
      });
      await facts.forget(from);
      await root.prune(from);
      return { ...file, path: to };
    });
  }

  async function remove(path: string, { signal }: Abortable = {}): Promise<void> {
    signal?.throwIfAborted();
    await onDisk(`remove "${path}"`, async () => {
      if ((await finder.find(path)) === undefined) return;
      await rm(await root.locate(path), { force: true });
      await facts.forget(path);
      await root.prune(path);
    });
  }

  async function copy(from: string, to: string, { signal }: Abortable = {}): Promise<StoredFile> {
    signal?.throwIfAborted();
    return onDisk(`copy "${from}" to "${to}"`, async () =>
      copyStored(arrivals, await finder.need(from, "copy"), to, { signal }),
    );
  }

  return anySpelling({
    copy,
    stat: async (path, { signal } = {}) => {
      signal?.throwIfAborted();
      return (await onDisk(`look up "${path}"`, () => finder.find(path)))?.file;
    },
    list: (options = {}) => list({ root, names, finder, isMarked }, options),
    read,
    move,
    remove,
    folders: foldersIn(root),
  });
}

interface Listed {
  readonly root: RootFolder;
  readonly names: FolderNames;
  readonly finder: FileFinder;
  readonly isMarked: boolean;
}

async function list({ root, names, finder, isMarked }: Listed, options: ListOptions): Promise<FilePage> {
  options.signal?.throwIfAborted();
  return onDisk(`list "${options.prefix ?? ""}"`, async () => {
    const page = await listNames({ names, root: root.path }, options);
    const places = new Map<string, string>();
    for (const path of page.files) {
      const folder = folderOf(path);
      // Where links lead was checked for the folder; what is in it is listed only if it is no link.
      if (!places.has(folder)) places.set(folder, dirname(await root.locate(path)));
    }
    const found = await mapPool(page.files, looksAtOnce, async (path) => {
      const folder = folderOf(path);
      return finder.lookAt(path, join(places.get(folder) ?? root.path, path.slice(folder.length)));
    });
    if (page.files.length + page.folders.length === 0)
      await refuseGone(root, { isMarked, doing: `list "${options.prefix ?? ""}"` });
    // Who vanished while we looked is not there.
    return { files: found.filter((file) => file !== undefined), folders: page.folders, cursor: page.cursor };
  });
}

/** A disk that was taken out leaves an empty folder or none: whoever took that for no files might delete what they are to be like. */
async function refuseGone(
  root: RootFolder,
  { isMarked, doing }: { readonly isMarked: boolean; readonly doing: string },
): Promise<void> {
  if ((await ifThere(stat(isMarked ? root.hidden() : root.path))) !== undefined) return;
  throw new TransferError(
    "unavailable",
    `Cannot ${doing}: the folder "${root.path}" is gone, or its disk is not mounted`,
  );
}

function foldersIn(root: RootFolder): Folders {
  return {
    has: (path) =>
      onDisk(`look up "${path}"`, async () => {
        const place = await root.find(path);
        return place !== undefined && (await ifThere(stat(place)))?.isDirectory() === true;
      }),
    make: (path) => onDisk(`make the folder "${path}"`, () => root.withParents(`${path}/x`, async () => undefined)),
    remove: (path) =>
      onDisk(`remove the folder "${path}"`, async () => {
        // One that holds something is there all the same.
        await rmdir(await root.locate(path)).catch(() => undefined);
      }),
  };
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

function within(range: ByteRange | undefined, { path, size }: Pick<StoredFile, "path" | "size">): ByteRange {
  if (range === undefined) return { start: 0, end: size };
  const { start, end } = range;
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && start <= size;
  if (!valid) throw new TransferError("invalid", `Cannot read "${path}": it has no bytes ${start} to ${end}`);
  return { start, end: Math.min(end, size) };
}
