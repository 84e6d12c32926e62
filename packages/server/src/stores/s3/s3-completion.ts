import {
  type Abortable,
  type CompleteOptions,
  isTransferError,
  type Receipt,
  type StoredFile,
  TransferError,
} from "@naru/core";
import { checkCoverage, compositeEtag, wholeCrc64 } from "../part-coverage.ts";
import type { BucketContext } from "./bucket-context.ts";
import { headIfThere, removeFormer } from "./former-parts.ts";
import { checkUnspoilt } from "./late-parts.ts";
import { putWhole } from "./put-whole.ts";
import type { ObjectHead } from "./s3-answers.ts";
import { storedFile, tokenName } from "./s3-metadata.ts";
import { isMd5 } from "./send-body.ts";
import type { UploadKey } from "./upload-id.ts";

export interface FinishOptions {
  /** Called once the upload is no more; what came of it is looked at then. */
  readonly onCompleted: () => void;
}

/**
 * Complete a multipart upload from the parts that the store listed, then look at what the store now has.
 *
 * @throws {TransferError} `incomplete`; `checksum-mismatch` if size or etag are not those of the parts; `conflict` if
 *   someone else's file took the name meanwhile
 */
export async function finish(
  context: BucketContext,
  uploadKey: UploadKey,
  receipts: readonly Receipt[],
  { onlyNew = false, signal, onCompleted }: Pick<CompleteOptions, "onlyNew" | "signal"> & FinishOptions,
): Promise<StoredFile> {
  const options = { signal };
  const size = checkCoverage(receipts, uploadKey.spec);
  if (receipts.length === 0) return finishEmpty(context, uploadKey, { onlyNew, signal });
  const { key, uploadId, spec } = uploadKey;
  const parts = receipts.map(({ part, etag }) => ({ number: part.number, size: part.size, etag }));
  // What was there goes first where its parts would stay; never another program's file, where nothing may be replaced.
  if (!onlyNew) await removeFormer(context, key, options);
  else if (context.facts.profile.conditionalComplete.is !== "honoured") await checkFree(context, uploadKey, options);
  try {
    await context.control.complete(key, uploadId, parts, { onlyNew, signal });
  } catch (error) {
    // The answer may be lost while the work was done: then the upload is gone (Ceph says 500), or its file is in the way.
    if (!maybeDone(error) || (await finished(context, uploadKey, options)) === undefined) throw error;
  }
  onCompleted();
  const head = await context.control.head(key, options);
  if (head.metadata[tokenName] !== uploadKey.token) {
    throw new TransferError("conflict", `Cannot complete "${spec.path}": another file has taken its name`);
  }
  await checkUnspoilt(context, uploadKey, head, options);
  const crc64 = wholeCrc64(receipts.map(({ part, digest }) => ({ size: part.size, digest })));
  checkStored(head, { path: spec.path, size, crc64, etag: expectedEtag(uploadKey, receipts) });
  return { ...storedFile(spec.path, head), crc64: crc64 ?? head.crc64 };
}

/** Look once more, where the store does not compare: between a listing of thousands of parts and now, much may happen. */
async function checkFree(context: BucketContext, { key, token, spec }: UploadKey, options: Abortable): Promise<void> {
  const head = await headIfThere(context, key, options);
  if (head === undefined || head.metadata[tokenName] === token) return;
  throw new TransferError(
    "conflict",
    `Cannot complete "${spec.path}": another program has written a file of this name`,
  );
}

/** What an upload became, when the store has it under its name; `undefined` when that is not this upload's file. */
export async function finished(
  context: BucketContext,
  { key, token, spec }: UploadKey,
  options: Abortable,
): Promise<StoredFile | undefined> {
  const head = await headIfThere(context, key, options);
  const same = head?.metadata[tokenName] === token && (spec.size ?? head.size) === head.size;
  return same ? storedFile(spec.path, head) : undefined;
}

/** A multipart upload needs a part; an empty file has none. */
async function finishEmpty(
  context: BucketContext,
  uploadKey: UploadKey,
  options: Pick<CompleteOptions, "onlyNew" | "signal">,
): Promise<StoredFile> {
  const { key, uploadId, spec, token } = uploadKey;
  const empty = new Blob([]);
  if (!options.onlyNew) await removeFormer(context, key, options);
  const stored = await putWhole(context, { ...spec, size: 0 }, empty, { ...options, token });
  await context.control.abort(key, uploadId, options);
  return stored;
}

function maybeDone(error: unknown): boolean {
  const codes: readonly string[] = ["not-found", "unavailable", "throttled", "unreachable", "internal", "conflict"];
  return isTransferError(error) && codes.includes(error.code);
}

/** The etag that the object must have; `undefined` where etags are not MD5s. */
function expectedEtag({ md5Etags }: UploadKey, receipts: readonly Receipt[]): string | undefined {
  const etags = receipts.map(({ etag }) => etag);
  return md5Etags && etags.every(isMd5) ? compositeEtag(etags) : undefined;
}

interface Expected {
  readonly path: string;
  readonly size: number;
  readonly etag: string | undefined;
  readonly crc64: string | undefined;
}

function checkStored(head: ObjectHead, { path, size, etag, crc64 }: Expected): void {
  const composite = /^[0-9a-f]{32}-\d+$/.test(head.etag);
  const fault =
    head.size !== size
      ? `the store has ${head.size} bytes instead of ${size}`
      : etag !== undefined && composite && head.etag !== etag
        ? `the store has etag ${head.etag} instead of ${etag}`
        : crc64 !== undefined && head.crc64 !== undefined && head.crc64 !== crc64
          ? `the store has CRC-64 ${head.crc64} instead of ${crc64}`
          : undefined;
  if (fault !== undefined) throw new TransferError("checksum-mismatch", `Cannot complete "${path}": ${fault}`);
}
