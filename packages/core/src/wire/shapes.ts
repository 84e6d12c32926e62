/**
 * From the contract's shapes to the wire's and back.
 *
 * @module
 */

import { isUsablePath } from "../path.ts";
import type { Receipt, StoredFile } from "../store.ts";
import type { WireFile } from "./files.ts";
import type { WireReceipt } from "./uploads.ts";

/** Read a file off the wire's shape. */
export function toStoredFile(wire: WireFile): StoredFile {
  const { path, size, etag, type, crc64 } = wire;
  return { path, size, etag, modified: new Date(wire.modified), type, crc64 };
}

/** Give a file the wire's shape. */
export function toWireFile(file: StoredFile): WireFile {
  const { path, size, etag, type, crc64 } = file;
  const wire = { path, size, etag, modified: file.modified.toISOString(), type, crc64 };
  return isUsablePath(path) ? wire : { ...wire, usable: false };
}

/** Read a receipt off the wire's shape. */
export function toReceipt(wire: WireReceipt): Receipt {
  const { number, offset, size, etag, md5, crc64 } = wire;
  const part = { number, offset, size };
  return md5 === undefined && crc64 === undefined
    ? { part, etag }
    : { part, etag, digest: { ...(md5 !== undefined && { md5 }), ...(crc64 !== undefined && { crc64 }) } };
}

/** Give a receipt the wire's shape. */
export function toWireReceipt(receipt: Receipt): WireReceipt {
  const { number, offset, size } = receipt.part;
  return { number, offset, size, etag: receipt.etag, md5: receipt.digest?.md5, crc64: receipt.digest?.crc64 };
}
