import {
  type CreateUpload,
  type Limits,
  type Receipt,
  TransferError,
  toWireReceipt,
  type UploadSpec,
  type WireReceipt,
  type WireUpload,
} from "@naru/core";
import type { ArrivalRow, PartDigestRow, UploadRow } from "../database/tables/uploads.ts";

export interface WireUploadFacts {
  readonly limits: Limits;
  readonly direct: boolean;
  readonly epoch?: number | undefined;
  readonly receipts?: readonly WireReceipt[] | undefined;
}

/** Tell of an upload as the wire does. */
export function wireUpload(row: UploadRow, { limits, direct, epoch, receipts }: WireUploadFacts): WireUpload {
  return {
    id: row.id,
    path: row.path,
    size: row.size,
    partSize: row.part_size,
    ...(row.type === null ? {} : { type: row.type }),
    ...(row.modified === null ? {} : { modified: row.modified }),
    owner: row.owner,
    created: new Date(row.created).toISOString(),
    expires: new Date(row.expires).toISOString(),
    confirmed: Math.min(row.size, receipts?.reduce((sum, { size }) => sum + size, 0) ?? row.confirmed),
    direct,
    limits,
    ...(epoch === undefined ? {} : { epoch }),
    ...(receipts === undefined ? {} : { receipts }),
  };
}

/** Tell of an upload that comes by SFTP or FTP: it has no plan, and perhaps no size yet. */
export function wireArrival(row: UploadRow, arrival: ArrivalRow, limits: Limits): WireUpload {
  const { door, name, durable, part_size, size_known } = arrival;
  const size = Math.max(size_known === 1 ? row.size : 0, durable);
  const known = size_known === 1 || arrival.finished !== null;
  return {
    ...wireUpload({ ...row, size, part_size }, { limits, direct: false }),
    path: name,
    confirmed: durable,
    door,
    ...(known ? {} : { sizeKnown: false }),
  };
}

/** Tell of receipts, with digests that the ledger knows to be of the same bytes. */
export function wireReceipts(receipts: readonly Receipt[], rows: readonly PartDigestRow[]): WireReceipt[] {
  const byNumber = new Map(rows.map((row) => [row.number, row]));
  return receipts.map((receipt) => {
    const row = byNumber.get(receipt.part.number);
    const wire = toWireReceipt(receipt);
    // The ledger noted the etag of a part that went by; one that went straight to the store, that knows by its MD5.
    const sameTag = receipt.etag !== "" && row?.etag === receipt.etag;
    const same = row !== undefined && (sameTag || (row.md5 !== null && row.md5 === wire.md5));
    return same
      ? { ...wire, md5: wire.md5 ?? row.md5 ?? undefined, crc64: wire.crc64 ?? row.crc64 ?? undefined }
      : wire;
  });
}

/** What a request asks the store for. @throws {TransferError} `invalid` for a date that is none */
export function uploadSpec(
  { type, modified }: Pick<CreateUpload, "type" | "modified">,
  path: string,
  size: number | undefined,
  partSize: number,
): UploadSpec {
  const date = modified === undefined ? undefined : new Date(modified);
  if (date && Number.isNaN(date.getTime())) {
    throw new TransferError("invalid", `Cannot read the modification time "${modified}": it is not ISO 8601`);
  }
  return { path, size, partSize, type, modified: date };
}
