import type { Dirent } from "node:fs";
import { lstat, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { type UnfinishedOptions, type UnfinishedUpload, workedOn } from "@naru/core";
import { ifThere, onDisk } from "./file-error.ts";
import type { RootFolder } from "./root-folder.ts";
import { UploadLog } from "./upload-log.ts";

const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const uploadFolder = new RegExp(`^${uuid}$`);
const smallFile = new RegExp(`^${uuid}\\.whole$`);

/**
 * Find what uploads lie in, and what they left behind; small files that were cut too, which have no path. Names that are not
 * this store's are passed over.
 */
export async function* unfinishedIn(
  root: RootFolder,
  { before, signal }: UnfinishedOptions = {},
): AsyncGenerator<UnfinishedUpload> {
  const folder = root.hidden("uploads");
  for (const entry of await entriesOf(folder)) {
    signal?.throwIfAborted();
    if (!isOurs(entry)) continue;
    const { name } = entry;
    const place = join(folder, name);
    const found = await onDisk(`look at the upload "${name}"`, async () => {
      const renewedMs = await lastTouched(place, entry);
      return renewedMs === undefined || renewedMs >= (before?.getTime() ?? Number.POSITIVE_INFINITY)
        ? undefined
        : describe(place, entry, renewedMs);
    });
    if (found !== undefined) yield found;
  }
}

async function describe(place: string, entry: Dirent, renewedMs: number): Promise<UnfinishedUpload> {
  const { name } = entry;
  const record = entry.isDirectory() ? await logIn(place).read() : undefined;
  const begun = record?.begun ?? new Date((await ifThere(lstat(place)))?.birthtimeMs ?? renewedMs);
  return {
    id: name,
    path: record?.spec.path,
    begun,
    renewed: new Date(renewedMs),
    owner: record?.owner,
    size: () => onDisk(`look at the upload "${name}"`, () => sizeOf(place, entry)),
    end: () =>
      onDisk(`end the upload "${name}"`, async () => {
        const latestMs = (await lastTouched(place, entry)) ?? 0;
        if (latestMs > renewedMs) throw workedOn(record?.spec.path);
        await rm(place, { recursive: true, force: true });
      }),
  };
}

async function sizeOf(place: string, entry: Dirent): Promise<number> {
  if (!entry.isDirectory()) return (await ifThere(lstat(place)))?.size ?? 0;
  const record = await logIn(place).read();
  return [...(record?.receipts.values() ?? [])].reduce((sum, { part }) => sum + part.size, 0);
}

function logIn(place: string): UploadLog {
  return new UploadLog(join(place, "log"), { durable: false });
}

async function entriesOf(folder: string): Promise<readonly Dirent[]> {
  return onDisk("look for leftovers of uploads", async () => {
    // A link would lead to where nothing is ours to remove.
    if ((await ifThere(realpath(folder))) !== folder) return [];
    return (await ifThere(readdir(folder, { withFileTypes: true }))) ?? [];
  });
}

/** A link is neither a folder nor a file here. */
function isOurs(entry: Dirent): boolean {
  return entry.isDirectory() ? uploadFolder.test(entry.name) : entry.isFile() && smallFile.test(entry.name);
}

/**
 * When it or anything in it changed last. A file gets its owner's time of change just before it gets its name, so the
 * time of the last change of the entry itself, which nobody can set, counts too.
 */
async function lastTouched(place: string, entry: Dirent): Promise<number | undefined> {
  const inside = entry.isDirectory() ? await ifThere(readdir(place)) : [];
  if (inside === undefined) return undefined;
  const states = await Promise.all(
    [place, ...inside.map((name) => join(place, name))].map((one) => ifThere(lstat(one))),
  );
  // What vanishes while we look is someone's who works on it.
  if (states.includes(undefined)) return undefined;
  return Math.max(...states.map((state) => Math.max(state?.mtimeMs ?? 0, state?.ctimeMs ?? 0)));
}
