/**
 * What is written beside a blob. Azure's metadata names are identifiers (letters, digits, underscores), unlike S3's.
 *
 * @module
 */

import { type StoredFile, TransferError, type UploadOwner, type UploadSpec } from "@naru/core";
import type { BlobHead } from "./blob-answers.ts";

/** Which upload a blob came from. */
export const tokenName: string = "naru_upload";
/** CRC-64/NVME of the whole, 16 hex digits. */
const crc64Name = "naru_crc64";
/** Seconds since 1970 with a fraction, as rclone writes it for S3. */
const modifiedName = "mtime";
const specName = "naru_spec";
const installationName = "naru_installation";
/** Milliseconds. */
const lifeName = "naru_life";
const begunName = "naru_begun";
/** Where a blob stands for a folder, as Azure's own programs mark it. */
export const folderMark: Readonly<Record<string, string>> = { hdi_isfolder: "true" };

export interface FileFacts extends Pick<UploadSpec, "modified"> {
  readonly token: string;
  readonly crc64?: string | undefined;
}

/** What is written beside a file. */
export function metadataOf({ modified, token, crc64 }: FileFacts): Record<string, string> {
  return {
    ...(modified !== undefined && { [modifiedName]: String(modified.getTime() / 1000) }),
    ...(crc64 !== undefined && { [crc64Name]: crc64 }),
    [tokenName]: token,
  };
}

/** Whose an upload is, and when it was begun. */
export interface StageFacts {
  readonly owner: UploadOwner;
  readonly begun: Date;
}

/** What is written beside a blob in which an upload waits: all that another process needs to resume it, or to end it in time. */
export function stagedMetadata(spec: UploadSpec, token: string, { owner, begun }: StageFacts): Record<string, string> {
  return {
    [tokenName]: token,
    [specName]: Buffer.from(JSON.stringify(spec), "utf8").toString("base64url"),
    // No header is empty.
    ...(owner.installation !== "" && { [installationName]: owner.installation }),
    [lifeName]: String(owner.lifeMs),
    [begunName]: begun.toISOString(),
  };
}

/** When an upload that waits was begun, and by whom; what an earlier version has not said is `undefined`. */
export function stageFacts(metadata: Readonly<Record<string, string>>): {
  readonly [K in keyof StageFacts]: StageFacts[K] | undefined;
} {
  const { [installationName]: installation = "", [lifeName]: life, [begunName]: date = "" } = metadata;
  const [lifeMs, begun] = [Number(life), new Date(date)];
  return {
    owner: life !== undefined && Number.isFinite(lifeMs) ? { installation, lifeMs } : undefined,
    begun: Number.isNaN(begun.getTime()) ? undefined : begun,
  };
}

/** What an upload that waits will be. @throws {TransferError} `not-found` if the blob is none of ours */
export function stagedSpec(metadata: Readonly<Record<string, string>>, token: string): UploadSpec {
  const spec = metadata[tokenName] === token ? parse(metadata[specName] ?? "") : undefined;
  if (!isSpec(spec)) throw noUpload(token);
  return { ...spec, modified: spec.modified === undefined ? undefined : new Date(spec.modified) };
}

/** Make the error of an upload that is not there. */
export function noUpload(id: string): TransferError {
  return new TransferError("not-found", `Cannot resume the upload "${id.slice(0, 80)}": no such upload`);
}

/** What a blob is, in the contract's words. */
export function storedFile(path: string, { size, etag, modified, type, metadata }: BlobHead): StoredFile {
  const stored = Number(metadata[modifiedName] || "x");
  const crc64 = metadata[crc64Name];
  return {
    path,
    size,
    etag,
    modified: Number.isFinite(stored) ? new Date(Math.round(stored * 1000)) : modified,
    type,
    crc64: /^[0-9a-f]{16}$/.test(crc64 ?? "") ? crc64 : undefined,
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(Buffer.from(text, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isSpec(value: unknown): value is Omit<UploadSpec, "modified"> & { readonly modified?: string } {
  return typeof value === "object" && value !== null && "path" in value && typeof value.path === "string";
}
