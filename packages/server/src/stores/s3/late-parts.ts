/**
 * A store that keeps the parts of a file as objects of their own (OpenStack Swift) takes a part also when the upload has
 * completed, answers 200, and the file is broken: its reader gets 409 or 500 where the part begins, while HEAD and the bytes of all
 * other parts are as before.
 */

import { type Abortable, isTransferError, TransferError } from "@naru/core";
import { compositeEtag } from "../part-coverage.ts";
import type { BucketContext } from "./bucket-context.ts";
import { listParts } from "./list-parts.ts";
import type { ListedPart, ObjectHead } from "./s3-answers.ts";
import { readObject } from "./s3-files.ts";
import type { UploadKey } from "./upload-id.ts";

/**
 * Make sure that a file which has just been completed can be read: its parts are still those of which it was made, and a byte
 * of it comes. A part that comes later yet is not seen; that is what the short life of a part's address is for.
 *
 * @throws {TransferError} `checksum-mismatch` if a part was replaced; to send it again mends the file
 */
export async function checkUnspoilt(
  context: BucketContext,
  uploadKey: UploadKey,
  head: Pick<ObjectHead, "etag" | "size">,
  options: Abortable,
): Promise<void> {
  if (!context.facts.leavesParts || head.size === 0) return;
  const [listed] = await Promise.all([listedStill(context, uploadKey, options), readByte(context, uploadKey, options)]);
  const count = Number(/^[0-9a-f]{32}-(\d+)$/.exec(head.etag)?.[1] ?? 0);
  if (listed === undefined || count === 0) return;
  const etags = listed.slice(0, count).map(({ etag }) => etag);
  if (compositeEtag(etags) !== head.etag) throw spoilt(uploadKey);
}

/** The parts as they are now; `undefined` where the store has forgotten them, and so takes none. */
async function listedStill(
  context: BucketContext,
  uploadKey: UploadKey,
  options: Abortable,
): Promise<readonly ListedPart[] | undefined> {
  return listParts(context, uploadKey, options).catch((error: unknown) => {
    if (isTransferError(error) && error.code === "not-found") return undefined;
    throw error;
  });
}

async function readByte(context: BucketContext, uploadKey: UploadKey, options: Abortable): Promise<void> {
  try {
    const bytes = await readObject(context, uploadKey.spec.path, { ...options, range: { start: 0, end: 1 } });
    for await (const chunk of bytes) void chunk;
  } catch (cause) {
    if (isTransferError(cause) && cause.code === "conflict") throw spoilt(uploadKey, { cause });
    throw cause;
  }
}

function spoilt({ spec }: UploadKey, options: ErrorOptions = {}): TransferError {
  const why = "a part came when it was complete, and replaced one of it";
  return new TransferError("checksum-mismatch", `Cannot complete "${spec.path}": ${why}`, options);
}
