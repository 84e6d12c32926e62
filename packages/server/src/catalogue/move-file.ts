import { type Abortable, type Files, type StoredFile, TransferError } from "@naru/core";
import type { UploadLedger } from "../uploads/upload-ledger.ts";
import { taken } from "./path-claims.ts";

export interface MovePlace {
  readonly store: Files;
  readonly ledger: UploadLedger;
}

export interface MoveFileOptions extends Abortable {
  /** Whether what is at the new path goes. */
  readonly replace?: boolean | undefined;
}

/**
 * Rename a finished file, with what is known of it, while nobody else changes either path.
 *
 * @throws {TransferError} `not-found`; `conflict` where it may not replace a file
 */
export function moveFile(
  place: MovePlace,
  from: string,
  to: string,
  options: MoveFileOptions = {},
): Promise<StoredFile> {
  return place.ledger.paths.aloneAtBoth(from, to, () => moveHeld(place, from, to, options));
}

/** As `moveFile`, for a caller that holds both paths. */
export async function moveHeld(
  { store, ledger }: MovePlace,
  from: string,
  to: string,
  { replace = true, signal }: MoveFileOptions = {},
): Promise<StoredFile> {
  const before = await store.stat(from, { signal });
  if (!before) throw new TransferError("not-found", `Cannot move "${from}": there is no such file`);
  if (!replace && (await store.stat(to, { signal }))) throw taken(to);
  // Of the two spellings of a name, the one that it has.
  const source = before.path;
  const { crc64 } = await ledger.withChecksum(before);
  const facts = await ledger.facts.look(before);
  const moved = await store.move(source, to, { signal, file: before });
  const file = { ...moved, crc64: moved.crc64 ?? crc64 };
  await ledger.forgetChecksum(source);
  await ledger.rememberChecksum(file);
  await ledger.facts.forget(source);
  // A bucket dates the copy anew.
  const modified = facts?.modified ?? before.modified.getTime();
  await ledger.facts.note(file, { md5: facts?.md5 ?? null, sha256: facts?.sha256 ?? null, modified });
  return { ...file, modified: new Date(modified) };
}
