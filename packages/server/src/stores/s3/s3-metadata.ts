import type { StoredFile, UploadSpec } from "@naru/core";
import type { ObjectHead } from "./s3-answers.ts";

/** The metadata that tells which upload an object came from. */
export const tokenName: string = "naru-upload";
/** Seconds since 1970 with a fraction: what rclone and s3fs write and read. */
const modifiedName = "mtime";

/** What is written beside an object. Values are percent-encoded where a header could not carry them. */
export function metadataOf(spec: UploadSpec, token: string): Record<string, string> {
  const own = Object.entries(spec.metadata ?? {}).map(([name, value]) => [
    name.toLowerCase(),
    /^[\x20-\x7e]*$/.test(value) ? value : encodeURIComponent(value),
  ]);
  const modified = spec.modified === undefined ? {} : { [modifiedName]: String(spec.modified.getTime() / 1000) };
  return { ...Object.fromEntries(own), ...modified, [tokenName]: token };
}

/** What an object is, in the contract's words. */
export function storedFile(path: string, { size, etag, modified, type, crc64, metadata }: ObjectHead): StoredFile {
  const told = Number(metadata[modifiedName] ?? "x");
  return {
    path,
    size,
    etag,
    modified: Number.isFinite(told) ? new Date(Math.round(told * 1000)) : modified,
    type,
    crc64,
  };
}
