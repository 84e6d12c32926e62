import { type Abortable, type BegunCopy, type CopyResume, isTransferError } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";
import { listParts } from "./list-parts.ts";
import type { ListedPart, ObjectHead } from "./s3-answers.ts";
import { decodeUploadKey, encodeUploadKey } from "./upload-id.ts";

interface CopyByParts {
  readonly from: string;
  readonly to: string;
  readonly head: ObjectHead;
  readonly resume?: CopyResume | undefined;
}

interface Begun {
  readonly uploadId: string;
  /** The parts that an earlier run copied. */
  readonly held: readonly ListedPart[];
}

/** Find the upload of an earlier run of the same copy, or begin one. */
export async function beginCopy(
  context: BucketContext,
  { from, to: key, head, resume }: CopyByParts,
  options: Abortable,
): Promise<Begun> {
  const { control, prefix } = context;
  const { etag, metadata, size, type } = head;
  const found = resume?.begun && (await findCopy(context, resume.begun, { key, etag, ...options }));
  if (found) return found;
  const { uploadId } = await control.create(key, { type, metadata }, options);
  const spec = { path: key.slice(prefix.length), size };
  // The token is nobody's: the copy has that of its source.
  const token = `copy of ${from.slice(prefix.length)}`;
  await resume?.onBegun({ upload: encodeUploadKey({ key, uploadId, token, md5Etags: false, spec }), etag });
  return { uploadId, held: [] };
}

async function findCopy(
  context: BucketContext,
  begun: BegunCopy,
  { etag, key: wanted, ...options }: Abortable & { readonly key: string; readonly etag: string },
): Promise<Begun | undefined> {
  try {
    const { key, uploadId } = decodeUploadKey(begun.upload);
    if (key === wanted && begun.etag === etag)
      return { uploadId, held: await listParts(context, { key, uploadId }, options) };
    // What it was to copy is no longer there.
    await context.control.abort(key, uploadId, options);
  } catch (error) {
    if (!isTransferError(error) || error.code !== "not-found") throw error;
  }
  return undefined;
}
