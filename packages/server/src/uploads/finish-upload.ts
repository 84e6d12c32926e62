import {
  type Abortable,
  type Files,
  isTransferError,
  type PartDigest,
  type Store,
  type StoredFile,
  TransferError,
  toStoredFile,
  toWireFile,
  type Upload,
  type WirePartDigest,
} from "@naru/core";
import { taken } from "../catalogue/path-claims.ts";
import type { UploadRow } from "../database/tables/uploads.ts";
import type { UploadLedger } from "./upload-ledger.ts";

export interface FinishOptions extends Abortable {
  /** What the sender says of the parts, over what the ledger knows. */
  readonly parts: readonly WirePartDigest[];
  readonly store: Store & Files;
  readonly ledger: UploadLedger;
  readonly now: () => number;
  /** The upload at the store. */
  readonly handle: () => Promise<Upload>;
}

const rememberMs = 24 * 60 * 60 * 1000;

/**
 * Complete an upload at the store and note it in the ledger. Repeatable: a finished one answers as before, and one whose
 * process died between the store's word and the ledger's is found again.
 */
export async function finishUpload(row: UploadRow, options: FinishOptions): Promise<StoredFile> {
  const { ledger, store, now, signal } = options;
  // Written below, in the same shape.
  if (row.state === "complete" && row.file !== null) return toStoredFile(JSON.parse(row.file));
  if (row.state === "open") {
    const before = await store.stat(row.path, { signal });
    if (before && row.conflict !== "overwrite") throw taken(row.path);
    await ledger.update(row.id, { state: "completing", file: before ? JSON.stringify(toWireFile(before)) : null });
  } else await refuseTakenMeanwhile(row, options);
  const file = await completeAtStore(row, options);
  await ledger.update(row.id, {
    state: "complete",
    file: JSON.stringify(toWireFile(file)),
    expires: now() + rememberMs,
    confirmed: row.size,
  });
  // What was known of the file before: the same bytes may have the same tag, and came anew.
  await ledger.facts.forget(file.path);
  await ledger.notePublished(file, row.owner);
  return file;
}

/** After an answer that was lost, the file at its path is its own, or one that came meanwhile by another door. */
async function refuseTakenMeanwhile(row: UploadRow, { ledger, store, handle, signal }: FinishOptions): Promise<void> {
  if (row.conflict === "overwrite" || !(await store.stat(row.path, { signal }))) return;
  try {
    // An upload that became a file is not there any more.
    await (await handle()).receipts({ signal });
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return;
    throw error;
  }
  await ledger.update(row.id, { state: "open" });
  throw taken(row.path);
}

async function completeAtStore(row: UploadRow, options: FinishOptions): Promise<StoredFile> {
  const { ledger, handle, signal } = options;
  try {
    const upload = await handle();
    const digests = await knownDigests(row, options);
    return await upload.complete({ digests, signal });
  } catch (error) {
    if (row.state === "completing" && isTransferError(error) && error.code === "not-found") {
      const file = await findFinished(row, options);
      if (file) return file;
    }
    // After a refusal nothing has appeared; after a lost answer it may have, and the state says so.
    const unknown = !isTransferError(error) || error.retryable;
    if (row.state === "open" && !unknown) await ledger.update(row.id, { state: "open" });
    throw error;
  }
}

async function knownDigests(row: UploadRow, { parts, ledger }: FinishOptions): Promise<Map<number, PartDigest>> {
  const digests = new Map<number, PartDigest>();
  const told = [...(await ledger.listDigests(row.id)), ...parts];
  for (const { number, md5, crc64 } of told) {
    if (md5 && crc64) digests.set(number, { md5, crc64 });
  }
  return digests;
}

/** The file that an earlier call completed at the store without living to note it. */
async function findFinished(row: UploadRow, { store, signal }: FinishOptions): Promise<StoredFile | undefined> {
  const file = await store.stat(row.path, { signal });
  if (!file) return undefined;
  // What was there before, in the shape written above.
  const before = row.file === null ? undefined : toStoredFile(JSON.parse(row.file));
  const changed = before?.etag !== file.etag || before.modified.getTime() !== file.modified.getTime();
  if (file.size === row.size && changed) return file;
  throw new TransferError("not-found", `Cannot complete the upload "${row.id}": another file is at its path`);
}
