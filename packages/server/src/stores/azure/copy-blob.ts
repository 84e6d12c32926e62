import { type Abortable, MiB, TransferError } from "@naru/core";
import { mapPool } from "../../pool.ts";
import { streamOf } from "../s3/s3-files.ts";
import type { BlobHead } from "./blob-answers.ts";
import { blobUrl } from "./blob-name.ts";
import type { BlobFacts } from "./blob-service.ts";
import { blockId } from "./block-id.ts";
import type { ContainerContext, CopySizes } from "./container-context.ts";
import { askForBlob } from "./read-blob.ts";
import { sendBlob } from "./send-blob.ts";

/** Copy Blob From URL copies 256 MiB at most, at once and whole; Put Block From URL 4,000 MiB, of which several run. */
export const defaultCopySizes: CopySizes = { whole: 256 * MiB, block: 64 * MiB };

const copiedAtOnce = 16;
/** A copy of many blocks takes long; an address is good for as long as the service allows a server. */
const sourceLifeSeconds = 24 * 3600;

/** Of `x-ms-copy-source`: https://learn.microsoft.com/rest/api/storageservices/copy-blob-from-url; the emulator takes longer ones. */
const longestSource = 2048;
/** What grants reading it adds, by a user delegation key. */
const grantLength = 500;

/** Whether the service can be told to read a blob: each letter of Hangul is nine characters of a URL. */
export function isReadByService({ container, endpoint }: ContainerContext, name: string): boolean {
  return blobUrl(endpoint, container, name).length + grantLength <= longestSource;
}

/** Bytes of the source that become one block, and the CRC-64 that they must have. */
export interface Piece {
  readonly start: number;
  readonly size: number;
  readonly crc64?: string | undefined;
}

export interface BlobCopy extends BlobFacts {
  readonly from: string;
  readonly to: string;
  /** Of the source, as it must be. */
  readonly size: number;
  readonly etag: string;
  /** How a large one is cut; pieces of one size by default. */
  readonly pieces?: readonly Piece[] | undefined;
}

/** The address of a blob for the service itself, which grants reading it. */
export async function sourceOf(
  { access, container, endpoint }: ContainerContext,
  name: string,
): Promise<{ url: string }> {
  const httpsOnly = endpoint.startsWith("https:");
  const grant = { container, name, permissions: "r", httpsOnly, lifeSeconds: sourceLifeSeconds } as const;
  const { query } = await access.grant(grant);
  return { url: `${blobUrl(endpoint, container, name)}?${query}` };
}

/**
 * Copy a blob inside its container, of any size. What is at `to` stays until all bytes are copied: a large one is never copied
 * by Copy Blob, which may take its time while the target is empty.
 *
 * @throws {TransferError} `conflict` if it is replaced meanwhile, or if under `onlyNew` the name is taken; `checksum-mismatch` if the copy is not what it must be
 */
export async function copyBlob(context: ContainerContext, copy: BlobCopy, options: Abortable): Promise<BlobHead> {
  const { service, copySizes } = context;
  const { from, to, size, etag, metadata, onlyNew } = copy;
  if (!isReadByService(context, from)) await passBlocks(context, copy, options);
  else {
    const source = await sourceOf(context, from);
    if (size <= copySizes.whole) await service.copy(to, { ...source, etag }, { metadata, onlyNew }, options);
    else await copyBlocks(context, copy, source.url, options);
  }
  const copied = await service.head(to, options);
  // Who moves removes the source next.
  if (copied.size === size) return copied;
  const fault = `the store has ${copied.size} bytes instead of ${size}`;
  throw new TransferError("checksum-mismatch", `Cannot copy "${from}": ${fault}`);
}

async function copyBlocks(
  { service, copySizes, limits, clock }: ContainerContext,
  { from, to, size, etag, pieces, ...facts }: BlobCopy,
  url: string,
  options: Abortable,
): Promise<void> {
  const blockSize = Math.max(copySizes.block, Math.ceil(size / limits.maxParts / MiB) * MiB);
  const wanted = pieces ?? piecesOf(size, blockSize);
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ...(options.signal ? [options.signal] : [])]);
  const copyOne = async ({ start, size: bytes, crc64 }: Piece, index: number): Promise<string> => {
    signal.throwIfAborted();
    const { id } = blockId(index + 1, undefined, clock.now());
    const found = await service.blockFrom(to, id, { url, etag, start, size: bytes }, { signal });
    if (crc64 === undefined || found === undefined || found === crc64) return id;
    throw new TransferError("checksum-mismatch", `Cannot copy "${from}": a block has CRC-64 ${found}, not ${crc64}`);
  };
  try {
    const ids = await mapPool(wanted, copiedAtOnce, copyOne);
    await service.commit(to, ids, facts, options);
  } catch (error) {
    // Once one fails the others are stopped. What they staged the service drops: with the next file of the name, or in a week.
    stop.abort(error);
    throw error;
  }
}

function piecesOf(size: number, blockSize: number): readonly Piece[] {
  return Array.from({ length: Math.ceil(size / blockSize) }, (_piece, index) => {
    const start = index * blockSize;
    return { start, size: Math.min(blockSize, size - start) };
  });
}

/** Carry the bytes through this server, one block after the other. */
async function passBlocks(
  context: ContainerContext,
  { from, to, size, etag, ...facts }: BlobCopy,
  { signal }: Abortable,
): Promise<void> {
  const { service, copySizes, limits, clock, container, endpoint } = context;
  if (size === 0) return service.putEmpty(to, facts, { signal });
  const blockSize = Math.max(copySizes.block, Math.ceil(size / limits.maxParts / MiB) * MiB);
  const ids: string[] = [];
  for (const { start, size: bytes } of piecesOf(size, blockSize)) {
    const { id } = blockId(ids.length + 1, undefined, clock.now());
    const doing = `copy "${from}"`;
    const headers = { range: `bytes=${start}-${start + bytes - 1}`, "if-match": `"${etag}"` };
    const { body } = await askForBlob(context, { name: from, headers, doing }, { signal });
    const stream = streamOf(body, doing, signal);
    const url = `${blobUrl(endpoint, container, to)}?comp=block&blockid=${encodeURIComponent(id)}`;
    await sendBlob(context, { url, size: bytes, what: `"${to}"` }, { size: bytes, stream: () => stream }, { signal });
    ids.push(id);
  }
  await service.commit(to, ids, facts, { signal });
}
