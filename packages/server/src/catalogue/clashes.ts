/**
 * Names that no tree of folders can have: one below a file, and a file that is named like a folder. A bucket would take
 * both, and most programs could not reach the one behind the other; a folder refuses them, when all bytes have come.
 *
 * @module
 */

import { type Abortable, type Files, type Folders, isHidden, type StoredFile, TransferError } from "@naru/core";

/** What tells of clashes. */
export interface ClashFiles extends Pick<Files, "stat"> {
  readonly folders?: Pick<Folders, "has">;
}

export interface Naming {
  /** Begins the error's text: `write "a/b"`. */
  readonly doing: string;
  readonly path: string;
  readonly kind: "file" | "folder";
}

/** @throws {TransferError} `conflict` */
export async function refuseClash(files: ClashFiles, naming: Naming, options: Abortable): Promise<void> {
  const { kind, path } = naming;
  const [file, folder] = await Promise.all([
    fileAbove(files, path, options),
    kind === "file" && files.folders?.has(path, options),
  ]);
  if (file) throw belowFile(naming, file);
  if (folder) throw namedLikeFolder(naming);
}

/** The file, if there is one, that `path` would lie below. */
export async function fileAbove(
  files: Pick<Files, "stat">,
  path: string,
  options: Abortable,
): Promise<StoredFile | undefined> {
  // What lies there is named by this program alone.
  if (isHidden(path)) return undefined;
  const above = path.split("/").slice(0, -1);
  const found = await Promise.all(above.map((_, at) => files.stat(above.slice(0, at + 1).join("/"), options)));
  return found.find((file) => file !== undefined);
}

export function belowFile({ doing }: Pick<Naming, "doing">, file: StoredFile): TransferError {
  return new TransferError("conflict", `Cannot ${doing}: "${file.path}" is a file`);
}

export function namedLikeFolder({ doing }: Pick<Naming, "doing">): TransferError {
  return new TransferError("conflict", `Cannot ${doing}: there is a folder of that name`);
}
