import {
  type Abortable,
  combineAllCrc64,
  combineCrc32,
  countParts,
  type PartDigest,
  partAt,
  type StoredFile,
  TransferError,
  toStoredFile,
  type Upload,
  type WirePartDigest,
} from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Completed, CompleteHow } from "../catalogue/publish.ts";
import type { PartDigestRow, UploadRow } from "../database/tables/uploads.ts";
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
  const complete = async (_path: string, { onlyNew }: CompleteHow): Promise<Completed> => {
    const upload = await handle();
    const file = await upload.complete({ digests: await knownDigests(row, options), onlyNew, signal });
    return { file, facts: { crc32: wholeCrc32(row, file, await options.ledger.listDigests(row.id)) ?? null } };
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

/**
 * The CRC-32 of the whole, where all parts went through this server, and were not written by another way since: then their
 * CRC-64s are not that of the file.
 */
function wholeCrc32(
  { size, part_size: partSize }: UploadRow,
  file: StoredFile,
  rows: readonly PartDigestRow[],
): string | undefined {
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  const crc64s: { readonly crc64: string; readonly size: number }[] = [];
  let whole = 0;
  for (let number = 1; number <= countParts(size, partSize); number++) {
    const part = partAt(size, partSize, number);
    const { crc32, crc64 } = byNumber.get(number) ?? {};
    if (!part || !crc32 || !crc64) return undefined;
    whole = combineCrc32(whole, Number.parseInt(crc32, 16), part.size);
    crc64s.push({ crc64, size: part.size });
  }
  return combineAllCrc64(crc64s) === file.crc64 ? whole.toString(16).padStart(8, "0") : undefined;
}
