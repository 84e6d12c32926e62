/**
 * Decoders of what a client asks (`docs/protocol.md`): unknown fields are refused, as is everything that is not what it should be.
 * Every decoder throws a TransferError `invalid` that names the field. The answers are read by `wire-answers.ts`.
 *
 * @module
 */

import { isTransferError, type TransferError } from "./errors.ts";
import { count, Fields, hex, list, moment, oneOf, positive, text, unreadable } from "./fields.ts";
import { normalizePath } from "./path.ts";
import type { BatchFile, CompleteUpload, ConflictPolicy, CreateUpload, SignParts, WirePartDigest } from "./wire.ts";
import { maxBatchUploads } from "./wire.ts";

const policies: readonly ConflictPolicy[] = ["fail", "rename", "overwrite"];
const createFields: readonly string[] = ["path", "size", "type", "modified", "conflict", "partSize"];
const mediaType = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}( *;[\x20-\x7e]{0,200})?$/iu;
/** More parts than any store takes. */
const maxCompleteParts = 100_000;

/** One item of a batch: what was asked, or why it cannot be read. A bad one does not fail the others. */
export type Decoded<T> = { readonly ok: T } | { readonly error: TransferError };

/** One file of a batch. Its size counts even if nothing else of it can be read: without it, nobody knows where the next body begins. */
export interface BatchEntry {
  readonly size: number;
  readonly file: Decoded<BatchFile>;
}

/** One of the uploads in `POST /api/uploads/complete`. */
export interface CompleteOne extends CompleteUpload {
  readonly id: string;
  readonly epoch?: number | undefined;
}

/** Read the body of `POST /api/uploads`. The path comes out normalized. */
export function decodeCreateUpload(value: unknown): CreateUpload {
  return createUpload(value, "");
}

/** Read the body of `POST /api/uploads/batch`, `{uploads}`; a bad one has its error in its place. */
export function decodeCreateBatch(value: unknown): readonly Decoded<CreateUpload>[] {
  return new Fields(value, "", ["uploads"]).read("uploads", list(readable(createUpload), maxBatchUploads));
}

/** Read the body of `POST /api/uploads/{id}/parts`. */
export function decodeSignParts(value: unknown): SignParts {
  return { parts: new Fields(value, "", ["parts"]).read("parts", list(partDigest, maxBatchUploads)) };
}

/** Read the body of `POST /api/uploads/{id}/complete`; it may be missing. */
export function decodeCompleteUpload(value: unknown): CompleteUpload {
  if (value === undefined || value === null) return {};
  return { parts: new Fields(value, "", ["parts"]).maybe("parts", list(partDigest, maxCompleteParts)) };
}

/** Read the body of `POST /api/uploads/complete`, `{uploads}`. */
export function decodeCompleteBatch(value: unknown): readonly CompleteOne[] {
  return new Fields(value, "", ["uploads"]).read("uploads", list(completeOne, maxBatchUploads));
}

/** Read the manifest of `POST /api/batch`; a bad file has its error in its place. */
export function decodeBatchManifest(value: unknown): readonly BatchEntry[] {
  return new Fields(value, "", ["files"]).read("files", list(batchEntry, maxBatchUploads));
}

/** Read a media type; an empty one is `undefined`, as browsers say it of files they do not know. */
export function decodeType(value: unknown, what: string): string | undefined {
  const type = text(value, what);
  if (type === "") return undefined;
  if (!mediaType.test(type)) throw unreadable(what, "it is not a media type");
  return type;
}

function createUpload(value: unknown, what: string): CreateUpload {
  return createFrom(new Fields(value, what, createFields));
}

function createFrom(fields: Fields): CreateUpload {
  return {
    path: fields.read("path", (value) => normalizePath(value)),
    size: fields.read("size", count),
    type: fields.maybe("type", decodeType),
    modified: fields.maybe("modified", moment),
    conflict: fields.maybe("conflict", oneOf(policies)),
    partSize: fields.maybe("partSize", positive),
  };
}

function batchEntry(value: unknown, what: string): BatchEntry {
  return { size: new Fields(value, what).read("size", count), file: readable(batchFile)(value, what) };
}

function readable<T>(decode: (value: unknown, what: string) => T): (value: unknown, what: string) => Decoded<T> {
  return (value, what) => {
    try {
      return { ok: decode(value, what) };
    } catch (error) {
      if (isTransferError(error)) return { error };
      throw error;
    }
  };
}

function batchFile(value: unknown, what: string): BatchFile {
  const fields = new Fields(value, what, [...createFields, "md5", "crc64"]);
  return { ...createFrom(fields), md5: fields.read("md5", hex(32)), crc64: fields.maybe("crc64", hex(16)) };
}

function partDigest(value: unknown, what: string): WirePartDigest {
  const fields = new Fields(value, what, ["number", "md5", "crc64"]);
  return {
    number: fields.read("number", positive),
    md5: fields.maybe("md5", hex(32)),
    crc64: fields.maybe("crc64", hex(16)),
  };
}

function completeOne(value: unknown, what: string): CompleteOne {
  const fields = new Fields(value, what, ["id", "epoch", "parts"]);
  return {
    id: fields.read("id", text),
    epoch: fields.maybe("epoch", count),
    parts: fields.maybe("parts", list(partDigest, maxCompleteParts)),
  };
}
