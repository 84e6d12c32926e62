/**
 * Names in both of Unicode's spellings. Naru writes composed names (NFC); a Mac, and what other programs put into a bucket,
 * may spell them decomposed (NFD), and to most stores these are two names. So a file is looked for by its name as it came,
 * and when there is none, by the composed one.
 *
 * @module
 */

import type { Abortable, FilePage, Files, Folders, ListOptions } from "../store.ts";

/** The names under which a file is looked for, in order. */
export function spellings(path: string): readonly string[] {
  const composed = path.normalize("NFC");
  return composed === path ? [path] : [path, composed];
}

/** Let files that are named exactly be found by either spelling. A name that is composed already costs nothing more. */
export function anySpelling(files: Required<Files>): Required<Files>;
export function anySpelling(files: Files): Files;
export function anySpelling(files: Files): Files {
  const { copy, presignRead, folders } = files;

  async function nameOf(path: string, { signal }: Abortable = {}): Promise<string> {
    const [asItCame = path, composed] = spellings(path);
    if (composed === undefined || (await files.stat(asItCame, { signal }))) return asItCame;
    return composed;
  }

  return {
    stat: async (path, options) => {
      const [asItCame = path, composed] = spellings(path);
      const file = await files.stat(asItCame, options);
      return file ?? (composed === undefined ? undefined : files.stat(composed, options));
    },
    list: (options) => listSpelled((exact) => files.list(exact), options),
    read: async (path, options) => files.read(await nameOf(path, options), options),
    move: async (from, to, options) => files.move(await nameOf(from, options), to, options),
    remove: async (path, options) => files.remove(await nameOf(path, options), options),
    ...(copy && {
      copy: async (from, to, options) => copy.call(files, await nameOf(from, options), to, options),
    }),
    ...(presignRead && {
      presignRead: async (path, options) => presignRead.call(files, await nameOf(path, options), options),
    }),
    ...(folders && { folders: foldersSpelled(folders) }),
  };
}

/** List with the prefix as it came; where nothing begins with that, with the composed one. */
export async function listSpelled(
  list: (options: ListOptions) => Promise<FilePage>,
  options: ListOptions = {},
): Promise<FilePage> {
  const { prefix = "", cursor, signal } = options;
  const [, composed] = spellings(prefix);
  if (composed === undefined) return list(options);
  // A cursor belongs to the spelling that its first page was found with.
  const page = await list(cursor === undefined ? options : { prefix, limit: 1, signal });
  const found = page.files.length > 0 || page.folders.length > 0 || page.cursor !== undefined;
  if (!found) return list({ ...options, prefix: composed });
  return cursor === undefined ? page : list(options);
}

function foldersSpelled(folders: Folders): Folders {
  async function nameOf(path: string, options?: Abortable): Promise<string> {
    const [asItCame = path, composed] = spellings(path);
    if (composed === undefined || (await folders.has(asItCame, options))) return asItCame;
    return composed;
  }
  return {
    has: async (path, options) => folders.has(await nameOf(path, options), options),
    make: (path, options) => folders.make(path, options),
    remove: async (path, options) => folders.remove(await nameOf(path, options), options),
  };
}
