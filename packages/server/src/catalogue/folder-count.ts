import type { Abortable, FilePage, Files } from "@naru/core";

/** How much is in a folder, at any depth. */
export interface FolderCount {
  readonly files: number;
  readonly folders: number;
  /** Bytes. */
  readonly size: number;
  /** False when there is more than was counted. */
  readonly whole: boolean;
}

const mostFiles = 100_000;
const patienceMs = 5000;

/** Count what begins with `prefix`, as far as that takes not too long. */
export async function countFolder(
  files: Pick<Files, "list">,
  prefix: string,
  { signal }: Abortable,
): Promise<FolderCount> {
  const until = performance.now() + patienceMs;
  const folders = new Set<string>();
  let [count, size] = [0, 0];
  let cursor: string | undefined;
  do {
    const page: FilePage = await files.list({ prefix, cursor, signal });
    for (const file of page.files) {
      size += file.size;
      for (
        let slash = file.path.lastIndexOf("/");
        slash >= prefix.length;
        slash = file.path.lastIndexOf("/", slash - 1)
      )
        folders.add(file.path.slice(0, slash));
    }
    count += page.files.length;
    cursor = page.cursor;
  } while (cursor !== undefined && count < mostFiles && performance.now() < until);
  return { files: count, folders: folders.size, size, whole: cursor === undefined };
}
