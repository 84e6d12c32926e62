import type { Dirent } from "node:fs";
import { lstat, readdir, realpath, rm } from "node:fs/promises";
import { join } from "node:path";
import { ifThere, onDisk } from "./file-error.ts";
import type { RootFolder } from "./root-folder.ts";

/** What an upload left in the store's own folder, or what an upload that goes on lies in: the store cannot tell. */
export interface Leftover {
  /** The upload's id; of a small file that was cut, the name of what was written. */
  readonly id: string;
  /** Remove it; one that is gone meanwhile is fine. */
  remove(): Promise<void>;
}

const uuid = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
const uploadFolder = new RegExp(`^${uuid}$`);
const smallFile = new RegExp(`^${uuid}\\.whole$`);

/** Find what uploads lie in that nothing has touched since `before`. Names that are not this store's are passed over. */
export async function* leftoversIn(root: RootFolder, before: Date): AsyncGenerator<Leftover> {
  const folder = root.hidden("uploads");
  for (const entry of await entriesOf(folder)) {
    if (!isOurs(entry)) continue;
    const place = join(folder, entry.name);
    const touched = await onDisk(`look at the leftover "${entry.name}"`, () => lastTouched(place, entry));
    if (touched === undefined || touched >= before.getTime()) continue;
    yield {
      id: entry.name,
      remove: () => onDisk(`remove the leftover "${entry.name}"`, () => rm(place, { recursive: true, force: true })),
    };
  }
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
