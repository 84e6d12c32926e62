/**
 * Copies from one bucket to another of the same service: the store carries the bytes (CopyObject, UploadPartCopy,
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
 */

import { type Abortable, GiB, type Part, type Receipt, type StoredFile, s3CodeIn, TransferError } from "@naru/core";
import type { FileCopier, ReplacingOptions } from "../../served-store.ts";
import { encodeKey, existingKeyOf } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import { isReadByStore } from "./copy-object.ts";
import { unquote } from "./s3-answers.ts";
import { refused } from "./s3-error.ts";
import { textOf } from "./s3-wire.ts";
import { isMd5 } from "./send-body.ts";
import { decodeUploadKey } from "./upload-id.ts";

const largestSingleCopy = GiB;

/** What copies from a bucket into another one; `undefined` where they are not of one service and one key. */
export async function copierBetween(from: BucketContext, to: BucketContext): Promise<FileCopier | undefined> {
  const [source, target] = await Promise.all([from.keys(), to.keys()]);
  const isOne = source.algorithm === target.algorithm && source.id === target.id;
  if (!isOne || from.endpoint.href !== to.endpoint.href) return undefined;
  return {
    wholeUpTo: Math.min(largestSingleCopy, to.facts.limits.maxPartSize),
    reads: (path) => isReadByStore(from, existingKeyOf(path, from.prefix)),
    copy: (file, path, options = {}) => copyWhole({ from, to }, file, path, options),
    copyPart: (upload, part, file, options = {}) => copyPart({ from, to }, upload, { part, file }, options),
  };
}

interface Between {
  readonly from: BucketContext;
  readonly to: BucketContext;
}

async function copyWhole(
  between: Between,
  file: StoredFile,
  path: string,
  { replaces, signal }: ReplacingOptions,
): Promise<string> {
  const doing = `copy "${file.path}"`;
  const { from, to } = between;
  if (to.facts.leavesParts && replaces !== undefined && !isMd5(replaces.etag)) {
    throw new TransferError("unsupported", `Cannot ${doing}: the parts of the file that it replaces would stay behind`);
  }
  const key = existingKeyOf(path, to.prefix);
  const etag = await conditionally(from, file, { signal }, (condition) =>
    put(between, { doing, key, file, headers: condition, query: {} }, { signal }),
  );
  // The copy of a file of parts may have an etag of its own.
  if (isMd5(file.etag) && isMd5(etag) && file.etag !== etag) {
    throw new TransferError("file-changed", `Cannot ${doing}: it changed while it was copied`);
  }
  return etag;
}

async function copyPart(
  between: Between,
  upload: string,
  { part, file }: { readonly part: Part; readonly file: StoredFile },
  { signal }: Abortable,
): Promise<Receipt> {
  const { key, uploadId } = decodeUploadKey(upload);
  const { number, offset, size } = part;
  const range = { "x-amz-copy-source-range": `bytes=${offset}-${offset + size - 1}` };
  const query = { partNumber: String(number), uploadId };
  const doing = `copy "${file.path}"`;
  const etag = await conditionally(between.from, file, { signal }, (condition) =>
    put(between, { doing, key, file, headers: { ...range, ...condition }, query }, { signal }),
  );
  // Ceph 16 takes no notice of the condition here.
  await checkEtag(between.from, file, { signal });
  return { part, etag };
}

/** Copy only what still is that file. Swift holds a file of parts for one that has not the etag that it told: it is asked. */
async function conditionally(
  from: BucketContext,
  file: StoredFile,
  options: Abortable,
  copy: (condition: Readonly<Record<string, string>>) => Promise<string | undefined>,
): Promise<string> {
  const etag = await copy({ "x-amz-copy-source-if-match": `"${file.etag}"` });
  if (etag !== undefined) return etag;
  await checkEtag(from, file, options);
  const copied = await copy({});
  if (copied !== undefined) return copied;
  throw changed(file);
}

interface CopyRequest {
  readonly doing: string;
  readonly key: string;
  readonly file: StoredFile;
  readonly headers: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
}

/** The etag of what was made; `undefined` when the condition does not hold. */
async function put({ from, to }: Between, request: CopyRequest, { signal }: Abortable): Promise<string | undefined> {
  const { doing, key, file, query } = request;
  const source = `${from.bucket}/${encodeKey(existingKeyOf(file.path, from.prefix))}`;
  return to.clock.again(async () => {
    const { url, headers } = await to.signer.sign(to.endpoint, {
      method: "PUT",
      key,
      query,
      headers: { "x-amz-copy-source": source, ...request.headers },
    });
    const sent = { ...headers, "content-length": "0" };
    const answer = await to.wire.ask(url, { method: "PUT", headers: sent, signal, doing });
    const text = await textOf(answer);
    if (answer.status === 412) return undefined;
    // A long copy is answered with 200 before its end, and its failure is in the body.
    const isDone = answer.status === 200 && /<Copy(?:Object|Part)Result[ >]/.test(text);
    if (!isDone) {
      const status = answer.status === 200 ? 500 : answer.status;
      throw refused(doing, { status, code: s3CodeIn(text), text });
    }
    return unquote((/<ETag>([^<]*)<\/ETag>/.exec(text)?.[1] ?? "").replaceAll("&quot;", '"').replaceAll("&#34;", '"'));
  });
}

async function checkEtag({ control, prefix }: BucketContext, file: StoredFile, options: Abortable): Promise<void> {
  const head = await control.head(existingKeyOf(file.path, prefix), options);
  if (head.etag !== file.etag) throw changed(file);
}

function changed({ path }: StoredFile): TransferError {
  return new TransferError("file-changed", `Cannot copy "${path}": it changed while it was copied`);
}
