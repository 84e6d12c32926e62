import type { MoveOptions, StoredFile } from "@naru/core";
import { copyAcross } from "./copy-across.ts";
import type { Located } from "./mount-table.ts";

/**
 * Move a file from one store to another: it is removed where it was only once it is whole there.
 *
 * @throws {TransferError} `not-found`; `conflict` when the file changes meanwhile: then it stays as it is, and no copy appears
 */
export async function moveAcross(from: Located, to: Located, options: MoveOptions): Promise<StoredFile> {
  const copy = await copyAcross(from, to, options);
  await from.mount.store.remove(from.path, options);
  return copy;
}
