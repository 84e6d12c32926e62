import { createHash } from "node:crypto";
import { type Abortable, type CopyResume, type Limits, MiB, TransferError } from "@naru/core";
import { mapPool } from "../../pool.ts";
import { beginCopy } from "./begun-copy.ts";
import type { BucketContext } from "./bucket-context.ts";
import { endUpload } from "./end-upload.ts";
import { removeFormer, wouldLeaveParts } from "./former-parts.ts";
import { listParts } from "./list-parts.ts";
import { PartsUnderway } from "./parts-underway.ts";
import type { ObjectHead } from "./s3-answers.ts";
import { partHeaders } from "./signer.ts";
import { UploadMark } from "./upload-mark.ts";

const copiedPartSize = 256 * MiB;
const copiedAtOnce = 8;

export interface Copy {
  readonly from: string;
  readonly to: string;
  readonly head: ObjectHead;
  /** Which version of the source; the current one by default. */
  readonly version?: string | undefined;
}

/** How an object is copied. */
export interface CopyOptions extends Abortable {
  /** What is remembered of a copy by parts. */
  readonly resume?: CopyResume | undefined;
}

/**
 * Copy an object inside its bucket, of any size; returns what the store then has.
 *
 * @throws {TransferError} `conflict` if the object is replaced meanwhile; `checksum-mismatch` if the copy has another size
 */
export async function copyObject(context: BucketContext, copy: Copy, options: CopyOptions): Promise<ObjectHead> {
  const { from, to, head, version } = copy;
  const atOnce = copiesWhole(context, from, head.size) && !(await wouldLeaveParts(context, to, options));
  if (atOnce) await context.control.copy(from, to, { ...options, version });
  else {
    const isByStore = context.facts.profile.copiesParts.is && isReadByStore(context, from);
    await copyInParts(context, copy, isByStore, options);
  }
  const copied = await context.control.head(to, options);
  // Who moves removes the source next.
  if (copied.size === head.size) return copied;
  throw wrongSize(copy, copied.size);
}

function wrongSize({ from, head }: Copy, size: number): TransferError {
  const fault = `the store has ${size} bytes instead of ${head.size}`;
  return new TransferError("checksum-mismatch", `Cannot copy "${from}": ${fault}`);
}

/** Whether one call copies an object of `size` bytes, for which nothing else of it need be known. */
export function copiesWhole(context: BucketContext, from: string, size: number): boolean {
  const { limits, profile } = context.facts;
  const { copiesParts, maxCopySize } = profile;
  const largest = copiesParts.is ? Math.min(maxCopySize.is, limits.maxPartSize) : maxCopySize.is;
  return isReadByStore(context, from) && size <= largest;
}

/** Ceph decodes the source's key twice, so that one with a percent sign names another object. */
export function isReadByStore({ facts }: Pick<BucketContext, "facts">, from: string): boolean {
  return facts.profile.copiesPercent.is || !from.includes("%");
}

async function copyInParts(
  context: BucketContext,
  copy: Copy,
  byStore: boolean,
  { resume, ...options }: CopyOptions,
): Promise<void> {
  const { control, facts } = context;
  const { from, to: key, head, version } = copy;
  const { size } = head;
  const { uploadId, held } = await beginCopy(context, { from, to: key, head, resume }, options);
  // Who resumes it writes the same mark.
  const token = createHash("sha256").update(uploadId).digest("hex");
  const spec = { path: key.slice(context.prefix.length) };
  const mark = new UploadMark(context, { key, uploadId, token, md5Etags: false, spec });
  void mark.touch();
  const underway = new PartsUnderway();
  try {
    const partSize = copyPartSize(size, facts.limits);
    const count = Math.max(1, Math.ceil(size / partSize));
    const planned = (number: number): number => Math.min(partSize, size - (number - 1) * partSize);
    const isHeld = new Set(held.filter((part) => part.size === planned(part.number)).map(({ number }) => number));
    const numbers = Array.from({ length: count }, (_part, index) => index + 1).filter((number) => !isHeld.has(number));
    let copied = [...isHeld].reduce((sum, number) => sum + planned(number), 0);
    resume?.onProgress(copied);
    // The store reads and writes them side by side; what passes through this server does so one after the other.
    await mapPool(numbers, byStore ? copiedAtOnce : 1, (number) =>
      underway.run(options, async ({ signal, sent }) => {
        const start = (number - 1) * partSize;
        const range = { start, end: Math.min(start + partSize, size) };
        const target = { key, uploadId, number, etag: head.etag };
        // No range says "no bytes".
        if (!byStore || size === 0) await passPart(context, copy, target, range, { signal });
        else {
          // To hang up does not stop a store that copies.
          sent();
          await control.copyPart(from, target, range, { signal, version });
        }
        copied += planned(number);
        resume?.onProgress(copied);
      }),
    );
    const parts = await listParts(context, { key, uploadId }, options);
    // What is at the target may go before the copy is completed, so that nothing may be found out after it.
    const copiedSize = parts.reduce((sum, part) => sum + part.size, 0);
    if (copiedSize !== size) throw wrongSize(copy, copiedSize);
    await removeFormer(context, key, options);
    await control.complete(key, uploadId, parts, options);
    await mark.remove().catch(() => undefined);
  } catch (error) {
    // What went wrong first is what is told; no part may be on its way when the upload is aborted.
    // Who resumes finds its parts, and ends it when nothing helps; so does the janitor.
    const end = async (): Promise<void> => {
      if (resume) return;
      await endUpload(context, { key, uploadId }, {});
      await mark.remove();
    };
    await underway.without(error, end).catch(() => undefined);
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
