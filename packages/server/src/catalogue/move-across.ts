import { type MoveOptions, type StoredFile, TransferError } from "@naru/core";
import { copiedAcross } from "./copy-across.ts";
import { type Located, outwardPath } from "./mount-table.ts";

/**
 * Move a file from one store to another: it is removed where it was only once it is whole there.
 *
 * @throws {TransferError} `not-found`; `conflict` when the file changes meanwhile: then it stays as it is, and no copy appears
 */
export async function moveAcross(from: Located, to: Located, options: MoveOptions): Promise<StoredFile> {
  const { file, copy } = await copiedAcross(from, to, options);
  const { signal } = options;
  // Other programs write there too, and to make sure of a large copy may take long: only what was copied may go.
  const now = await from.mount.store.stat(from.path, { signal });
  if (now !== undefined && now.etag !== file.etag) {
    const there = await to.mount.store.stat(to.path, { signal });
    if (there?.etag === copy.etag) await to.mount.store.remove(to.path, { signal });
    const doing = `move "${outwardPath(from.mount, from.path)}"`;
    throw new TransferError("conflict", `Cannot ${doing}: it changed while it was moved`);
  }
  await from.mount.store.remove(from.path, options);
  return copy;
}
