import { isTransferError, normalizePath, TransferError, type UploadSpec } from "@naru/core";

/** All that must be known of an upload to go on with it: its id holds it, since such a server remembers nothing. */
export interface GrowingSpec extends UploadSpec {
  readonly partSize: number;
  /** Tells this upload from others of the same path. */
  readonly token: string;
}

/** Write an upload down as an id, safe in URLs and file names. */
export function encodeId({ path, size, partSize, token, modified }: GrowingSpec): string {
  const fields = [token, path, partSize, size ?? null, modified?.getTime() ?? null];
  return Buffer.from(JSON.stringify(fields)).toString("base64url");
}

/** Read an id. @throws {TransferError} `not-found` if `encodeId` did not write it */
export function decodeId(id: string): GrowingSpec {
  const fields = parse(id);
  if (!Array.isArray(fields)) throw unknownUpload(id);
  const [token, path, partSize, size, modified]: unknown[] = fields;
  if (typeof token !== "string" || !/^[0-9a-f]{8}$/.test(token) || !isCount(partSize)) throw unknownUpload(id);
  return {
    token,
    path: pathIn(id, path),
    partSize,
    size: isCount(size) ? size : undefined,
    modified: isCount(modified) ? new Date(modified) : undefined,
  };
}

/** Tell whether `encodeId` wrote it. */
export function isGrowingId(id: string): boolean {
  return Array.isArray(parse(id));
}

/** The error of an id that leads to no upload. */
export function unknownUpload(id: string): TransferError {
  return new TransferError("not-found", `Cannot resume "${id.slice(0, 40)}": there is no such upload`);
}

function parse(id: string): unknown {
  try {
    return JSON.parse(Buffer.from(id, "base64url").toString());
  } catch {
    return undefined;
  }
}

function pathIn(id: string, value: unknown): string {
  try {
    return normalizePath(value);
  } catch (error) {
    if (isTransferError(error)) throw unknownUpload(id);
    throw error;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
