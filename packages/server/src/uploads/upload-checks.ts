import { type Part, partAt, TransferError, type Upload, type WirePartDigest } from "@naru/core";
import type { UploadRow } from "../database/tables/uploads.ts";
import type { Holder } from "./uploads.ts";

/** Make the error of an upload that is not there. */
export function gone(id: string): TransferError {
  return new TransferError("not-found", `Cannot find the upload "${id}": it never existed, or has ended or expired`);
}

/** @throws {TransferError} `forbidden` for who is not its owner, or may not send it */
export function checkOwner(row: UploadRow, { owner, rights }: Holder): void {
  rights?.checkUpload(row.id, row.path);
  if (row.owner === owner) return;
  throw new TransferError("forbidden", `Cannot use the upload "${row.id}": it belongs to someone else`);
}

/** Without a word about the epoch, only an upload that never left its first one is held. */
export function checkLease(row: UploadRow, { epoch = 1 }: Holder): void {
  if (row.epoch === epoch) return;
  throw new TransferError("superseded", `Cannot write the upload "${row.id}": it was resumed elsewhere`);
}

/** A part of the plan. @throws {TransferError} `invalid` for one outside it */
export function partOf(row: UploadRow, number: number): Part {
  const part = partAt(row.size, row.part_size, number);
  if (part) return part;
  throw new TransferError("invalid", `Cannot use part ${number} of "${row.id}": it is outside the plan`);
}

/** Whether parts may be presigned. */
export function isDirect(upload: Upload): boolean {
  return upload.presign !== undefined;
}

/** Whether anything is said of a part. */
export function hasDigest({ md5, crc64 }: WirePartDigest): boolean {
  return md5 !== undefined || crc64 !== undefined;
}

/** @throws {TransferError} `unsupported` if its bytes come through the gateway, which alone knows what is missing */
export function refuseArrival(row: UploadRow): void {
  if (row.kind === "planned") return;
  throw new TransferError("unsupported", `Cannot write the upload "${row.id}": its bytes arrive over SFTP or FTP`);
}
