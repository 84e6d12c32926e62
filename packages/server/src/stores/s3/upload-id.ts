import { TransferError, type UploadSpec } from "@naru/core";

/** Everything that another process needs to go on with an upload. */
export interface UploadKey {
  readonly key: string;
  readonly uploadId: string;
  /** Unique; written into the object's metadata, so that a completed upload can be told from another. */
  readonly token: string;
  /** Whether an etag is the MD5 of what it names; not so where the store encrypts with its own keys. */
  readonly md5Etags: boolean;
  /** When it was begun, in milliseconds since 1970 at the store. */
  readonly begun?: number | undefined;
  readonly spec: UploadSpec;
}

/** Write an upload's key as an upload's id. */
export function encodeUploadKey(uploadKey: UploadKey): string {
  return Buffer.from(JSON.stringify(uploadKey), "utf8").toString("base64url");
}

/** @throws {TransferError} `not-found` if `id` is none of ours */
export function decodeUploadKey(id: string): UploadKey {
  const value = parse(id);
  if (!isUploadKey(value)) throw noUpload(id);
  const { modified } = value.spec;
  return { ...value, spec: { ...value.spec, modified: modified === undefined ? undefined : new Date(modified) } };
}

/** Make the error of an upload that is not there. */
export function noUpload(id: string): TransferError {
  return new TransferError("not-found", `Cannot resume the upload "${id.slice(0, 80)}": no such upload`);
}

function parse(id: string): unknown {
  try {
    return JSON.parse(Buffer.from(id, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

function isUploadKey(value: unknown): value is UploadKey {
  if (typeof value !== "object" || value === null) return false;
  const uploadKey: Partial<Record<keyof UploadKey, unknown>> = value;
  const { key, uploadId, token, spec } = uploadKey;
  const texts = [key, uploadId, token].every((text) => typeof text === "string" && text !== "");
  return texts && typeof spec === "object" && spec !== null && "path" in spec && typeof spec.path === "string";
}
