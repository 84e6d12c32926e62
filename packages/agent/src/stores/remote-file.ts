import { type Abortable, normalizePath, type ReadOptions, type StoredFile, TransferError } from "@naru/core";
import { missingFile } from "./remote-names.ts";

interface Remote {
  stat(path: string, options: Abortable): Promise<StoredFile | undefined>;
  move(from: string, to: string, options: Abortable): Promise<StoredFile>;
}

/** The file that is read. @throws {TransferError} `not-found`; `conflict` when it is not in the state that was asked for */
export async function fileToRead(remote: Remote, path: string, options: ReadOptions): Promise<StoredFile> {
  const file = await remote.stat(path, options);
  if (file === undefined) throw missingFile(path, "read");
  if (options.etag !== undefined && options.etag !== file.etag) {
    throw new TransferError("conflict", `Cannot read "${path}": it has changed since`);
  }
  return file;
}

/** Move a file that must be there. @throws {TransferError} `not-found` */
export async function moveFile(remote: Remote, from: string, to: string, options: Abortable): Promise<StoredFile> {
  const target = normalizePath(to);
  if ((await remote.stat(from, options)) === undefined) throw missingFile(from, "move");
  return remote.move(from, target, options);
}
