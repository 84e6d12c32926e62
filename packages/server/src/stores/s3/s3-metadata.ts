import type { StoredFile, UploadSpec } from "@naru/core";
import type { ObjectHead } from "./s3-answers.ts";

/** The metadata that tells which upload an object came from. */
export const tokenName: string = "naru-upload";
/** Seconds since 1970 with a fraction: what rclone and s3fs write and read. */
const modifiedName = "mtime";

/** What is written beside an object. */
export function metadataOf({ modified }: Pick<UploadSpec, "modified">, token: string): Record<string, string> {
  const date = modified === undefined ? {} : { [modifiedName]: String(modified.getTime() / 1000) };
  return { ...date, [tokenName]: token };
}

/** What of it an answer has in its headers. */
export function metadataIn(header: (name: string) => string | undefined): Record<string, string> {
  const known = [modifiedName, tokenName].flatMap((name) => {
    const value = header(`x-amz-meta-${name}`);
    return value === undefined ? [] : [[name, value]];
  });
  return Object.fromEntries(known);
}

/** What an object is, in the contract's words. */
export function storedFile(path: string, { size, etag, modified, type, crc64, metadata }: ObjectHead): StoredFile {
  const stored = Number(metadata[modifiedName] ?? "x");
  return {
    path,
    size,
    etag,
    modified: Number.isFinite(stored) ? new Date(Math.round(stored * 1000)) : modified,
    type,
    crc64,
  };
}
