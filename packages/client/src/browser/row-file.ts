/** A row's bytes: the file that was given, or what its kept handle reads. */

import { TransferError } from "@naru/core";
import { checkFacts } from "../verify-file.ts";
import type { Row } from "./row.ts";

/** Give the row's file as it is on the disk now. @throws {TransferError} `file-changed` when it is not what it was */
export async function fileOf(row: Row): Promise<File> {
  const file = row.handle ? await fileBehind(row, row.handle) : row.file;
  if (!file) throw new TransferError("file-changed", `Cannot resume "${row.name}": choose the file again`);
  checkFacts(row, file);
  return file;
}

async function fileBehind(row: Row, handle: FileSystemFileHandle): Promise<File> {
  try {
    return await handle.getFile();
  } catch (cause) {
    // A file that was given by hand can be read without the handle; if it is gone, reading it tells.
    if (row.file) return row.file;
    const message = `Cannot read "${row.name}": it was moved or removed, or may not be read`;
    throw new TransferError("file-changed", message, { cause });
  }
}
