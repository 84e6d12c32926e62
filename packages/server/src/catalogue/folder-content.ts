import { type Abortable, type FilePage, type Files, TransferError } from "@naru/core";
import { mapPool } from "../pool.ts";

/** More is not moved or removed in one go: it would take hours. */
const mostPaths = 100_000;
const listsAtOnce = 8;

/** Find all that lies in a folder: its files, and the folder itself and those in it, outermost first, with a final `/`. */
export async function contentOf(files: Files, folder: string, options: Abortable): Promise<readonly string[]> {
  const paths: string[] = [];
  const add = (more: readonly string[]): void => {
    paths.push(...more);
    if (paths.length <= mostPaths) return;
    throw new TransferError(
      "too-large",
      `Cannot go through "${folder}": it holds more than ${mostPaths} files and folders`,
    );
  };
  // Kept folders, empty ones too, are seen only where a listing folds.
  for (let level = [`${folder}/`]; level.length > 0; ) {
    add(level);
    const inside = await mapPool(level, listsAtOnce, async (prefix) => {
      const folders: string[] = [];
      let cursor: string | undefined;
      do {
        const page: FilePage = await files.list({ ...options, prefix, delimiter: "/", cursor });
        add(page.files.map(({ path }) => path));
        folders.push(...page.folders);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return folders;
    });
    level = inside.flat();
  }
  return paths;
}

/** Folders in groups, the innermost first. */
export function byDepth(folders: readonly string[]): readonly (readonly string[])[] {
  const levels = new Map<number, string[]>();
  for (const path of folders) {
    const depth = path.split("/").length;
    levels.set(depth, [...(levels.get(depth) ?? []), path]);
  }
  return [...levels].sort(([one], [other]) => other - one).map(([, level]) => level);
}
