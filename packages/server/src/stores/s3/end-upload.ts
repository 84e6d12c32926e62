import { setTimeout as sleep } from "node:timers/promises";
import { type Abortable, isTransferError, TransferError } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";

type MultipartUpload = { readonly key: string; readonly uploadId: string };

const mostAborts = 5;
const firstWaitMs = 100;

/**
 * Abort a multipart upload until the store lists no part of it: parts on their way may land after it was aborted
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html). One that is gone is fine.
 *
 * @throws {TransferError} `unavailable` when parts keep landing
 */
export async function endUpload(
  { control }: Pick<BucketContext, "control">,
  { key, uploadId }: MultipartUpload,
  options: Abortable,
): Promise<void> {
  for (let attempt = 0; attempt < mostAborts; attempt++) {
    if (attempt > 0) await sleep(firstWaitMs * 2 ** attempt, undefined, { signal: options.signal });
    // What has completed is gone too; Swift goes on listing the parts of that.
    const aborted = await ifThere(control.abort(key, uploadId, options).then(() => true));
    if (aborted === undefined) return;
    const left = await control.parts(key, uploadId, { ...options, limit: 1 }).catch((error: unknown) => {
      // Where parts cannot be listed, nobody could complete them either.
      if (isTransferError(error) && ["not-found", "unsupported", "invalid"].includes(error.code)) return undefined;
      throw error;
    });
    if (left === undefined || left.parts.length === 0) return;
  }
  throw new TransferError("unavailable", `Cannot abort the upload of "${key}": more of its parts keep arriving`);
}

/** What the call gives; `undefined` where there is no such thing. */
export async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    if (isTransferError(error) && error.code === "not-found") return undefined;
    throw error;
  }
}
