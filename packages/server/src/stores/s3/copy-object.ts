import { randomUUID } from "node:crypto";
import { type Abortable, GiB, type Limits, MiB, TransferError } from "@naru/core";
import { mapPool } from "../../pool.ts";
import type { BucketContext } from "./bucket-context.ts";
import { endUpload, listParts } from "./end-upload.ts";
import { removeFormer, wouldLeaveParts } from "./former-parts.ts";
import type { ObjectHead } from "./s3-answers.ts";
import { partHeaders } from "./signer.ts";
import { UploadMark } from "./upload-mark.ts";

const largestSingleCopy = GiB;
const copiedPartSize = 256 * MiB;
const copiedAtOnce = 8;

export interface Copy {
  readonly from: string;
  readonly to: string;
  readonly head: ObjectHead;
  /** Which version of the source; the current one by default. */
  readonly version?: string | undefined;
}

/**
 * Copy an object inside its bucket, of any size; returns what the store then has.
 *
 * @throws {TransferError} `conflict` if the object is replaced meanwhile; `checksum-mismatch` if the copy has another size
 */
export async function copyObject(context: BucketContext, copy: Copy, options: Abortable): Promise<ObjectHead> {
  const { from, to, head, version } = copy;
  const atOnce = copiesWhole(context, from, head.size) && !(await wouldLeaveParts(context, to, options));
  if (atOnce) await context.control.copy(from, to, { ...options, version });
  else await copyInParts(context, copy, isReadByStore(from), options);
  const copied = await context.control.head(to, options);
  // Who moves removes the source next.
  if (copied.size === head.size) return copied;
  const fault = `the store has ${copied.size} bytes instead of ${head.size}`;
  throw new TransferError("checksum-mismatch", `Cannot copy "${from}": ${fault}`);
}

/** Whether one call copies an object of `size` bytes, for which nothing else of it need be known. */
export function copiesWhole({ limits }: BucketContext, from: string, size: number): boolean {
  return isReadByStore(from) && size <= Math.min(largestSingleCopy, limits.maxPartSize);
}

/** Ceph decodes the source's key twice, so that one with a percent sign names another object. */
function isReadByStore(from: string): boolean {
  return !from.includes("%");
}

async function copyInParts(context: BucketContext, copy: Copy, byStore: boolean, options: Abortable): Promise<void> {
  const { control, limits } = context;
  const { from, to: key, head, version } = copy;
  const { type, metadata, size } = head;
  const begun = await control.create(key, { type, metadata }, options);
  const { uploadId } = begun;
  const spec = { path: key.slice(context.prefix.length) };
  const mark = new UploadMark(context, { key, token: randomUUID(), spec, begun: context.clock.now(), ...begun });
  const marked = mark.touch();
  try {
    const partSize = copyPartSize(size, limits);
    const count = Math.max(1, Math.ceil(size / partSize));
    const numbers = Array.from({ length: count }, (_part, index) => index + 1);
    // The store reads and writes them side by side; what passes through this server does so one after the other.
    await stoppingAtFailure(options, (signal) =>
      mapPool(numbers, byStore ? copiedAtOnce : 1, async (number) => {
        signal.throwIfAborted();
        const start = (number - 1) * partSize;
        const range = { start, end: Math.min(start + partSize, size) };
        const target = { key, uploadId, number, etag: head.etag };
        // No range says "no bytes".
        if (byStore && size > 0) await control.copyPart(from, target, range, { signal, version });
        else await passPart(context, copy, target, range, { signal });
      }),
    );
    const parts = await listParts(context, { key, uploadId }, options);
    await removeFormer(context, key, options);
    await control.complete(key, uploadId, parts, options);
    await marked;
    await mark.remove().catch(() => undefined);
  } catch (error) {
    // What went wrong first is what is told.
    await endUpload(context, { key, uploadId }, {})
      .then(() => mark.remove())
      .catch(() => undefined);
    throw error;
  }
}

/** Once one fails the others are stopped: no part may be on its way when the upload is aborted. */
async function stoppingAtFailure(
  { signal }: Abortable,
  work: (signal: AbortSignal) => Promise<unknown>,
): Promise<void> {
  const stop = new AbortController();
  try {
    await work(AbortSignal.any([stop.signal, ...(signal ? [signal] : [])]));
  } catch (error) {
    stop.abort(error);
    throw error;
  }
}

function copyPartSize(size: number, { maxParts, maxPartSize }: Limits): number {
  const least = Math.ceil(size / maxParts);
  return Math.max(Math.min(copiedPartSize, maxPartSize), Math.ceil(least / MiB) * MiB);
}

/** Carry one part's bytes through this server, from the store to the store. */
async function passPart(
  { signer, wire, endpoint }: BucketContext,
  { from, head, version }: Copy,
  target: { readonly key: string; readonly uploadId: string; readonly number: number },
  { start, end }: { readonly start: number; readonly end: number },
  { signal }: Abortable,
): Promise<void> {
  const doing = `copy "${from}"`;
  const size = end - start;
  const write = await signer.presignPart(endpoint, target, { number: target.number, offset: start, size });
  const headers = { "content-length": String(size), ...partHeaders(size) };
  if (size === 0) {
    const done = await wire.demand(write.url, { method: "PUT", headers, body: "", signal, doing });
    return done.body.dump();
  }
  const source = await signer.presign(endpoint, { method: "GET", key: from, query: versionQuery(version) });
  const range = { range: `bytes=${start}-${end - 1}`, "if-match": `"${head.etag}"` };
  const { body } = await wire.demand(source.url, { method: "GET", headers: range, signal, doing });
  const done = await wire.demand(write.url, { method: "PUT", headers, body, signal, doing });
  await done.body.dump();
}

/** The query of a request for one version; of the current one, nothing. */
export function versionQuery(version: string | undefined): Readonly<Record<string, string>> {
  return version === undefined ? {} : { versionId: version };
}
