import { isTransferError, type Receipt, type Upload } from "@naru/core";
import type { ArrivalRecord } from "../uploads/arrival-ledger.ts";
import { decodeTail, type KeptTail } from "../uploads/kept-tail.ts";
import type { GatewayContext } from "./gateway-context.ts";
import { KeptUpload } from "./kept-upload.ts";

/** What there is of an upload: the store's word, not the ledger's. */
export interface KeptBytes {
  readonly upload: Upload;
  readonly receipts: readonly Receipt[];
  readonly tail: KeptTail;
  /** Up to here nothing is missing. */
  readonly end: number;
}

export interface Resumed extends KeptBytes {
  readonly kept: KeptUpload;
  /** What its owner said of its date. */
  readonly modified: Date | undefined;
}

/** Look what is left of an upload; one that the store does not know any more is struck out, and `undefined`. */
export async function lookKept(context: GatewayContext, record: ArrivalRecord): Promise<KeptBytes | undefined> {
  try {
    const upload = await context.store.resume(record.store_id);
    const known = new Map((await context.ledger.listDigests(record.id)).map(({ number, etag }) => [number, etag]));
    // The store also has parts that were given up, or that came after a hole; the ledger tells which are of the file.
    const ours = (await upload.receipts()).filter(({ part, etag }) => known.get(part.number) === etag);
    const receipts = contiguous(ours, leastOf(context, record));
    const end = endOf(receipts);
    const pieces = await thereOf(context, decodeTail(record.tail), end);
    const size = end + pieces.reduce((sum, piece) => sum + piece.size, 0);
    if (size !== record.durable) await context.ledger.arrivals.update(record.id, { durable: size });
    context.confirmed.add(record.id);
    return { upload, receipts, tail: { at: end, pieces }, end: size };
  } catch (error) {
    if (!isTransferError(error) || error.code !== "not-found") throw error;
    // It may have become a file, though the answer was lost.
    await context.catalogue.settle({ upload: record.id });
    await context.ledger.remove(record.id);
    return undefined;
  }
}

/** Go on with an upload: whoever wrote it before is superseded. */
export async function resumeKept(context: GatewayContext, record: ArrivalRecord): Promise<Resumed | undefined> {
  const epoch = await context.ledger.takeLease(record.id, context.now() + context.ttlMs);
  const bytes = await lookKept(context, record);
  if (bytes === undefined) return undefined;
  await context.ledger.arrivals.forgetParts(record.id, bytes.receipts.length);
  const { owner, door, name, path: key, part_size: partSize } = record;
  const begun = { id: record.id, epoch, upload: bytes.upload };
  // All pieces that the ledger names, so that those of no more use are removed with the next change.
  const known = { begun, tail: decodeTail(record.tail) };
  const kept = new KeptUpload(context, { owner, door, name, key, partSize }, known);
  return { ...bytes, kept, modified: record.modified === null ? undefined : new Date(record.modified) };
}

/** How far an upload that nobody writes has come. */
export async function durableOf(context: GatewayContext, record: ArrivalRecord): Promise<number | undefined> {
  if (context.confirmed.has(record.id)) return record.durable;
  return (await lookKept(context, record))?.end;
}

/** The least that a part may have which is not the last. */
function leastOf({ store }: GatewayContext, record: ArrivalRecord): number {
  const { equalParts, minPartSize } = store.limitsFor(record.path);
  return equalParts ? record.part_size : minPartSize;
}

/**
 * Parts in order, with offsets as sizes make them. What lies behind a hole is as good as missing; so is a last part of a
 * file that was never completed, since none can follow it.
 */
function contiguous(receipts: readonly Receipt[], least: number): readonly Receipt[] {
  const result: Receipt[] = [];
  let offset = 0;
  for (const receipt of receipts) {
    if (receipt.part.number !== result.length + 1 || receipt.part.size < Math.max(1, least)) break;
    result.push({ ...receipt, part: { ...receipt.part, offset } });
    offset += receipt.part.size;
  }
  return result;
}

function endOf(receipts: readonly Receipt[]): number {
  return receipts.reduce((sum, { part }) => sum + part.size, 0);
}

async function thereOf({ store }: GatewayContext, { at, pieces }: KeptTail, end: number): Promise<KeptTail["pieces"]> {
  if (at !== end) return [];
  for (const [index, { path, size }] of pieces.entries()) {
    const file = await store.stat(path);
    if (file?.size !== size) return pieces.slice(0, index);
  }
  return pieces;
}
