/**
 * Decoders of what a server answers (`docs/protocol.md`): fields that are not known are ignored, so that servers may grow.
 * Every decoder throws a TransferError `invalid` that names the field.
 *
 * @module
 */

import { isFailureCode } from "./errors.ts";
import { count, Fields, flag, hex, list, moment, positive, text, texts, unreadable } from "./fields.ts";
import type { Limits } from "./store.ts";
import type {
  BatchResult,
  BatchResults,
  KnownResult,
  KnownResults,
  SignedParts,
  WireDownload,
  WireError,
  WireFile,
  WireFilePage,
  WireFolder,
  WireReceipt,
  WireSession,
  WireSignedPart,
  WireStoreInfo,
  WireUpload,
} from "./wire.ts";

/** One answer of `POST /api/uploads/batch`. */
export type CreateResult = { readonly upload: WireUpload } | { readonly error: WireError };

/** Read an upload. */
export function decodeWireUpload(value: unknown, what = ""): WireUpload {
  const fields = new Fields(value, what);
  return {
    id: fields.read("id", text),
    path: fields.read("path", text),
    size: fields.read("size", count),
    partSize: fields.read("partSize", positive),
    type: fields.maybe("type", text),
    modified: fields.maybe("modified", moment),
    owner: fields.read("owner", text),
    created: fields.read("created", moment),
    expires: fields.read("expires", moment),
    confirmed: fields.read("confirmed", count),
    direct: fields.read("direct", flag),
    limits: fields.read("limits", decodeLimits),
    epoch: fields.maybe("epoch", count),
    receipts: fields.maybe("receipts", list(decodeReceipt)),
    door: fields.maybe("door", text),
    sizeKnown: fields.maybe("sizeKnown", flag),
  };
}

/** Read the answer of `GET /api/uploads`, `{uploads}`. */
export function decodeUploads(value: unknown): readonly WireUpload[] {
  return new Fields(value, "").read("uploads", list(decodeWireUpload));
}

/** Read the answer of `POST /api/uploads/batch`, `{results}`. */
export function decodeCreateResults(value: unknown): readonly CreateResult[] {
  return new Fields(value, "").read("results", list(createResult));
}

/** Read one receipt. */
export function decodeReceipt(value: unknown, what = ""): WireReceipt {
  const fields = new Fields(value, what);
  return {
    number: fields.read("number", positive),
    offset: fields.read("offset", count),
    size: fields.read("size", count),
    etag: fields.read("etag", text),
    md5: fields.maybe("md5", hex(32)),
    crc64: fields.maybe("crc64", hex(16)),
  };
}

/** Read presigned parts. */
export function decodeSignedParts(value: unknown): SignedParts {
  return { parts: new Fields(value, "").read("parts", list(signedPart)) };
}

/** Read a file that has arrived. */
export function decodeWireFile(value: unknown, what = ""): WireFile {
  const fields = new Fields(value, what);
  return {
    path: fields.read("path", text),
    size: fields.read("size", count),
    etag: fields.read("etag", text),
    modified: fields.read("modified", moment),
    type: fields.maybe("type", text),
    crc64: fields.maybe("crc64", hex(16)),
    ...(fields.maybe("usable", flag) === false && { usable: false }),
  };
}

/** Read a page of files. */
export function decodeFilePage(value: unknown): WireFilePage {
  const fields = new Fields(value, "");
  return {
    files: fields.read("files", list(decodeWireFile)),
    folders: fields.read("folders", list(text)),
    cursor: fields.maybe("cursor", text),
  };
}

/** Read where a folder is. */
export function decodeFolder(value: unknown): WireFolder {
  return { folder: new Fields(value, "").read("folder", text) };
}

/** Read how a file is downloaded. */
export function decodeDownload(value: unknown): WireDownload {
  const fields = new Fields(value, "");
  return {
    file: fields.read("file", decodeWireFile),
    urls: fields.read("urls", list(text)),
    expires: fields.maybe("expires", moment),
  };
}

/** Read who we are and what the store can do. */
export function decodeSession(value: unknown): WireSession {
  const fields = new Fields(value, "");
  return {
    user: fields.read("user", text),
    admin: fields.read("admin", flag),
    store: fields.read("store", storeInfo),
  };
}

/** Read the answer of `POST /api/batch`. */
export function decodeBatchResults(value: unknown): BatchResults {
  return { results: new Fields(value, "").read("results", list(batchResult)) };
}

/** Read the answer of `POST /api/batch/known`. */
export function decodeKnownResults(value: unknown): KnownResults {
  return { results: new Fields(value, "").read("results", list(knownResult)) };
}

/** Read the body of an answer that is not 2xx. A code that is not known becomes `internal`. */
export function decodeError(value: unknown, what = ""): WireError {
  const fields = new Fields(value, what);
  const code = fields.read("code", text);
  return {
    code: isFailureCode(code) ? code : "internal",
    message: fields.read("message", text),
    retryable: fields.read("retryable", flag),
  };
}

/** Read a store's limits. */
export function decodeLimits(value: unknown, what = ""): Limits {
  const fields = new Fields(value, what);
  return {
    minPartSize: fields.read("minPartSize", count),
    maxPartSize: fields.read("maxPartSize", positive),
    maxParts: fields.read("maxParts", positive),
    maxSize: fields.read("maxSize", count),
    equalParts: fields.read("equalParts", flag),
    maxInFlight: fields.read("maxInFlight", positive),
  };
}

function createResult(value: unknown, what: string): CreateResult {
  const fields = new Fields(value, what);
  return fields.has("error")
    ? { error: fields.read("error", decodeError) }
    : { upload: fields.read("upload", decodeWireUpload) };
}

function batchResult(value: unknown, what: string): BatchResult {
  const fields = new Fields(value, what);
  return fields.has("error")
    ? { error: fields.read("error", decodeError) }
    : { file: fields.read("file", decodeWireFile), ...(fields.maybe("same", flag) ? { same: true } : {}) };
}

function knownResult(value: unknown, what: string): KnownResult {
  return { file: new Fields(value, what).maybe("file", decodeWireFile) };
}

function storeInfo(value: unknown, what: string): WireStoreInfo {
  const fields = new Fields(value, what);
  return {
    direct: fields.read("direct", flag),
    probes: fields.read("probes", list(text)),
    limits: fields.read("limits", decodeLimits),
    batchMaxSize: fields.read("batchMaxSize", count),
  };
}

function signedPart(value: unknown, what: string): WireSignedPart {
  const fields = new Fields(value, what);
  const url = fields.read("url", text);
  if (!/^https?:\/\//iu.test(url)) throw unreadable(`${what}.url`, "it is not an http URL");
  return {
    number: fields.read("number", positive),
    url,
    headers: fields.read("headers", texts),
    expires: fields.read("expires", moment),
  };
}
