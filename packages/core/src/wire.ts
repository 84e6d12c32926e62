/**
 * The messages of Naru's HTTP API (`docs/protocol.md`), as they look in JSON. Dates are ISO 8601 strings.
 * What arrives is `unknown` until a decoder of `wire-decode.ts` has looked at it.
 *
 * @module
 */

import type { FailureCode } from "./errors.ts";
import type { Limits } from "./store.ts";

export type Route = "direct" | "proxy" | "agent";
export type ConflictPolicy = "fail" | "rename" | "overwrite";

/** POST /api/uploads; up to 1,000 of them in POST /api/uploads/batch as `{uploads}`, where a bad one has its error in its place. */
export interface CreateUpload {
  readonly path: string;
  readonly size: number;
  readonly type?: string | undefined;
  readonly modified?: string | undefined;
  /** Default `"rename"`. */
  readonly conflict?: ConflictPolicy | undefined;
  /** A wish in bytes; the server fixes the real one. */
  readonly partSize?: number | undefined;
}

export interface WireReceipt {
  readonly number: number;
  readonly offset: number;
  readonly size: number;
  readonly etag: string;
  readonly md5?: string | undefined;
  readonly crc64?: string | undefined;
}

/** An upload as the server tells of it. Receipts are there in answers to create, get and resume, not in lists. */
export interface WireUpload {
  readonly id: string;
  readonly path: string;
  readonly size: number;
  readonly partSize: number;
  readonly type?: string | undefined;
  readonly modified?: string | undefined;
  readonly owner: string;
  readonly created: string;
  readonly expires: string;
  /** Bytes that have receipts, as the ledger last saw them. */
  readonly confirmed: number;
  /** Whether parts can be presigned. */
  readonly direct: boolean;
  readonly limits: Limits;
  /** Of the lease; whoever took it, by create or resume, sends it back as the header `naru-epoch`. Absent in lists. */
  readonly epoch?: number | undefined;
  readonly receipts?: readonly WireReceipt[] | undefined;
  /** The name of the door by which it comes, when not by HTTP: then it can be aborted, but neither resumed nor written here. */
  readonly door?: string | undefined;
  /** False when nobody knows yet how large it will be; `size` is then what has come. */
  readonly sizeKnown?: boolean | undefined;
}

/** POST /api/uploads/{id}/parts: sign these parts. */
export interface SignParts {
  readonly parts: readonly WirePartDigest[];
}

export interface WirePartDigest {
  readonly number: number;
  readonly md5?: string | undefined;
  readonly crc64?: string | undefined;
}

export interface WireSignedPart {
  readonly number: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expires: string;
}

export interface SignedParts {
  readonly parts: readonly WireSignedPart[];
}

/** POST /api/uploads/{id}/complete, and POST /api/uploads/complete as `{uploads: [{id, epoch, parts}]}`. */
export interface CompleteUpload {
  readonly parts?: readonly WirePartDigest[] | undefined;
}

export interface WireFile {
  readonly path: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: string;
  readonly type?: string | undefined;
  readonly crc64?: string | undefined;
  /** `false` for a name that another program gave and that Naru does not write: the file is reached by `?key=`. */
  readonly usable?: false | undefined;
}

/** GET /api/files?prefix=&cursor=&limit=&delimiter=/ */
export interface WireFilePage {
  readonly files: readonly WireFile[];
  readonly folders: readonly string[];
  readonly cursor?: string | undefined;
}

/** GET and PUT /api/folders/{path}, and POST /api/move of a folder: its path, with a final `/`. */
export interface WireFolder {
  readonly folder: string;
}

/** POST /api/downloads {path}: how to read a file straight from the store, and what it must be. */
export interface WireDownload {
  readonly file: WireFile;
  /** One URL for each public endpoint; empty when only the proxy route exists. */
  readonly urls: readonly string[];
  readonly expires?: string | undefined;
}

/** GET /api/session */
export interface WireSession {
  readonly user: string;
  readonly admin: boolean;
  readonly store: WireStoreInfo;
}

export interface WireStoreInfo {
  /** Whether the store can presign and, asked by a preflight at each public endpoint, refuses the page's origin at none. */
  readonly direct: boolean;
  /** A URL on each public endpoint that answers any PUT with an error but shows whether CORS admits the page. */
  readonly probes: readonly string[];
  readonly limits: Limits;
  /** Files up to this many bytes are best sent many in one request (POST /api/batch); 0 when not supported. */
  readonly batchMaxSize: number;
}

/**
 * POST /api/batch, `content-type: application/vnd.naru.batch`: a big-endian uint32 with the length of the manifest
 * (JSON, `BatchManifest`), the manifest, then the bodies one after another. The answer is `BatchResults`, in order.
 */
export interface BatchManifest {
  readonly files: readonly BatchFile[];
}

export interface BatchFile extends CreateUpload {
  readonly md5: string;
  readonly crc64?: string | undefined;
}

/** `same`: the file was there already with these very bytes, and was not written again. */
export type BatchResult = { readonly file: WireFile; readonly same?: true | undefined } | { readonly error: WireError };

export interface BatchResults {
  readonly results: readonly BatchResult[];
}

/** POST /api/batch/known takes a `BatchManifest` as JSON: the files that are there already with these very bytes, in order. */
export interface KnownResults {
  readonly results: readonly KnownResult[];
}

export interface KnownResult {
  /** Absent when it has to be sent. */
  readonly file?: WireFile | undefined;
}

/** Body of every answer that is not 2xx. */
export interface WireError {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
}

export const maxBatchUploads: number = 1000;
export const batchContentType: string = "application/vnd.naru.batch";
export const epochHeader: string = "naru-epoch";
