import { createHash } from "node:crypto";
import {
  combineAllCrc64,
  type Limits,
  type Part,
  type PartDigest,
  type Receipt,
  TransferError,
  type UploadSpec,
} from "@naru/core";

/** @throws {TransferError} `invalid` for what is no size, `too-large` for more than the store can bear */
export function checkSize({ path, size = 0 }: UploadSpec, { maxSize }: Pick<Limits, "maxSize">): void {
  if (!Number.isSafeInteger(size) || size < 0) {
    throw new TransferError("invalid", `Cannot create "${path}": ${size} is not a valid size`);
  }
  if (size > maxSize) {
    throw new TransferError("too-large", `Cannot create "${path}": ${size} bytes are more than ${maxSize}`);
  }
}

/** Make the error of a part that is to be signed: what is handed out is good for these bytes only. */
export function md5Missing({ number }: Part, { path }: UploadSpec): TransferError {
  return new TransferError("invalid", `Cannot sign part ${number} of "${path}": its MD5 is missing`);
}

/**
 * @throws {TransferError} `invalid` if `part` is not one that the plan of `spec` holds; `too-large` if the store takes no
 *   part of that number
 */
export function checkPart(part: Part, spec: UploadSpec, maxParts: number): void {
  const { number, offset, size } = part;
  if (number > maxParts && isPlanned(part, spec)) {
    const why = `part ${number} is one more than the ${maxParts} that the store takes of a file`;
    throw new TransferError("too-large", `Cannot write "${spec.path}" beyond byte ${offset}: ${why}`);
  }
  const counts = [number, offset, size].every((value) => Number.isSafeInteger(value) && value >= 0);
  if (!counts || number < 1 || number > maxParts || !isPlanned(part, spec)) {
    throw new TransferError("invalid", `Cannot accept part ${number} of "${spec.path}": the plan has no such part`);
  }
}

/** Tell whether number, offset and size are what the plan says, as far as it says anything. */
export function isPlanned(part: Part, spec: UploadSpec): boolean {
  const { size = Number.MAX_SAFE_INTEGER, partSize } = spec;
  if (part.offset + part.size > size) return false;
  if (part.size === 0 && part.offset !== 0) return false;
  if (partSize === undefined) return true;
  const offset = (part.number - 1) * partSize;
  if (part.offset !== offset) return false;
  return spec.size === undefined ? part.size <= partSize : part.size === Math.min(partSize, spec.size - offset);
}

/**
 * Check that receipts, sorted by number, cover the whole file without a hole; returns its size.
 *
 * @throws {TransferError} `incomplete`, naming the first hole
 */
export function checkCoverage(receipts: readonly Receipt[], spec: UploadSpec): number {
  let end = 0;
  for (const { part } of receipts) {
    if (part.offset !== end) throw hole(spec, `byte ${end} has no receipt before part ${part.number}`);
    end += part.size;
  }
  if (spec.size !== undefined && end < spec.size) throw hole(spec, `byte ${end} of ${spec.size} has no receipt`);
  return end;
}

function hole(spec: UploadSpec, why: string): TransferError {
  return new TransferError("incomplete", `Cannot complete "${spec.path}": ${why}`);
}

/** The etag of a file of parts, as S3 makes it: the MD5 of their etags, which are hex digits, and how many there are. */
export function compositeEtag(etags: readonly string[]): string {
  const hash = createHash("md5");
  for (const etag of etags) hash.update(etag, "hex");
  return `${hash.digest("hex")}-${etags.length}`;
}

/** CRC-64 of the whole file from those of its parts; `undefined` when one is not known. */
export function wholeCrc64(
  parts: readonly { readonly size: number; readonly digest: Partial<PartDigest> | undefined }[],
): string | undefined {
  const known = parts.flatMap(({ size, digest }) => (digest?.crc64 ? [{ size, crc64: digest.crc64 }] : []));
  return known.length === parts.length ? combineAllCrc64(known) : undefined;
}
