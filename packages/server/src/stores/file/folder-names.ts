import { readdir, stat } from "node:fs/promises";
import { ifThere } from "./file-error.ts";
import { hiddenName } from "./root-folder.ts";

/** A file, or with a final `/` a folder. */
export interface FolderEntry {
  readonly name: string;
  /** Text that compares as the UTF-8 bytes of the name do. */
  readonly key: string;
  readonly isFolder: boolean;
}

interface Remembered {
  readonly entries: readonly FolderEntry[];
  /** Of the folder, before it was read. */
  readonly mtimeNs: bigint;
  readonly until: number;
}

const rememberMs = 15_000;
/** Smaller folders are read faster than looked up. */
const fewEntries = 2000;
const mostRemembered = 4;

/**
 * Reads folders in the order of object stores. Whoever asks for the next page of a large folder gets it from what was read
 * for the last one, unless the folder has changed since.
 */
export class FolderNames {
  readonly #remembered = new Map<string, Remembered>();

  /** The entries of a folder at `place`, by key; links are left out. `next`: an earlier page was read just before. */
  async read(
    place: string,
    { isRoot, next }: { readonly isRoot: boolean; readonly next: boolean },
  ): Promise<readonly FolderEntry[]> {
    const mtimeNs = (await ifThere(stat(place, { bigint: true })))?.mtimeNs;
    if (mtimeNs === undefined) return [];
    const known = this.#remembered.get(place);
    if (next && known && known.mtimeNs === mtimeNs && known.until > performance.now()) return known.entries;
    const entries = await sortedEntries(place, isRoot);
    this.#remembered.delete(place);
    if (entries.length >= fewEntries) {
      this.#forgetOld();
      this.#remembered.set(place, { entries, mtimeNs, until: performance.now() + rememberMs });
    }
    return entries;
  }

  #forgetOld(): void {
    const now = performance.now();
    for (const [place, { until }] of this.#remembered) {
      if (until <= now || this.#remembered.size >= mostRemembered) this.#remembered.delete(place);
    }
  }
}

async function sortedEntries(place: string, isRoot: boolean): Promise<readonly FolderEntry[]> {
  const found = (await ifThere(readdir(place, { withFileTypes: true }))) ?? [];
  return found
    .filter((entry) => (entry.isFile() || entry.isDirectory()) && !(isRoot && entry.name.toLowerCase() === hiddenName))
    .map((entry) => {
      const isFolder = entry.isDirectory();
      const name = isFolder ? `${entry.name}/` : entry.name;
      return { name, key: byteKey(name), isFolder };
    })
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** Text that compares as the UTF-8 bytes of `path` do. */
export function byteKey(path: string): string {
  // What is plain compares so itself, and needs no room of its own.
  return /^[\0-\x7f]*$/u.test(path) ? path : Buffer.from(path, "utf8").toString("latin1");
}
