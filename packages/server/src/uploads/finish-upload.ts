import {
  type Abortable,
  type PartDigest,
  type StoredFile,
  TransferError,
  toStoredFile,
  type Upload,
  type WirePartDigest,
} from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { UploadRow } from "../database/tables/uploads.ts";
import type { UploadLedger } from "./upload-ledger.ts";

export interface FinishOptions extends Abortable {
  /** What the sender says of the parts, over what the ledger knows. */
  readonly parts: readonly WirePartDigest[];
  readonly door: string;
  readonly catalogue: Catalogue;
  readonly ledger: UploadLedger;
  /** The upload at the store. */
  readonly handle: () => Promise<Upload>;
}

/**
 * Make the file of an upload appear. Repeatable: a finished one answers as before, and one that became a file though the
 * answer was lost is found.
 */
export async function finishUpload(row: UploadRow, options: FinishOptions): Promise<StoredFile> {
  const { catalogue, door, handle, signal } = options;
  const known = finishedFile(row) ?? (await settledFile(row, options));
  if (known) return known;
  const { conflict, id, modified, owner, path, size, store_id: storeId } = row;
  const complete = async (): Promise<{ readonly file: StoredFile }> => {
    const upload = await handle();
    return { file: await upload.complete({ digests: await knownDigests(row, options), signal }) };
  };
  const by = { account: owner, door };
  const facts = { modified: modified === null ? null : Date.parse(modified) };
  return catalogue.publish(
    { by, path, conflict, size, facts, upload: { id, storeId, at: path }, complete },
    { signal },
  );
}

function finishedFile({ state, file }: UploadRow): StoredFile | undefined {
  // The ledger writes it, in this shape.
  return state === "complete" && file !== null ? toStoredFile(JSON.parse(file)) : undefined;
}

/** What an earlier call made of it, whose answer was lost. */
async function settledFile({ id }: UploadRow, { catalogue, ledger }: FinishOptions): Promise<StoredFile | undefined> {
  await catalogue.settle({ upload: id });
  const row = await ledger.get(id);
  if (row) return finishedFile(row);
  throw new TransferError("not-found", `Cannot complete the upload "${id}": it is gone`);
}

async function knownDigests(row: UploadRow, { parts, ledger }: FinishOptions): Promise<Map<number, PartDigest>> {
  const digests = new Map<number, PartDigest>();
  const declared = [...(await ledger.listDigests(row.id)), ...parts];
  for (const { number, md5, crc64 } of declared) {
    if (md5 && crc64) digests.set(number, { md5, crc64 });
  }
  return digests;
}
