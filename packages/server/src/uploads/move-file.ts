import { type Abortable, type Files, type StoredFile, TransferError } from "@naru/core";
import type { UploadLedger } from "./upload-ledger.ts";

/** Rename a finished file, with what is known of it. @throws {TransferError} `not-found` */
export async function moveFile(
  { store, ledger }: { readonly store: Files; readonly ledger: UploadLedger },
  from: string,
  to: string,
  options: Abortable,
): Promise<StoredFile> {
  const before = await store.stat(from, options);
  if (!before) throw new TransferError("not-found", `Cannot move "${from}": there is no such file`);
  // Of the two spellings of a name, the one that it has.
  const source = before.path;
  const { crc64 } = await ledger.withChecksum(before);
  const facts = await ledger.facts.look(before);
  const moved = await store.move(source, to, { ...options, file: before });
  const file = { ...moved, crc64: moved.crc64 ?? crc64 };
  await ledger.forgetChecksum(source);
  await ledger.rememberChecksum(file);
  await ledger.facts.forget(source);
  // A bucket dates the copy anew.
  const modified = facts?.modified ?? before.modified.getTime();
  await ledger.facts.note(file, { md5: facts?.md5 ?? null, sha256: facts?.sha256 ?? null, modified });
  return { ...file, modified: new Date(modified) };
}
