/**
 * POST /api/batch, `content-type: application/vnd.naru.batch`: a big-endian uint32 with the length of the manifest
 * (JSON, `BatchManifest`), the manifest, then the bodies one after another. The answer is `BatchResults`, in order.
 *
 * @module
 */

import { isTransferError, type TransferError } from "../errors.ts";
import { type Decoder, decoder } from "./decoder.ts";
import { orError } from "./failures.ts";
import { wireFile } from "./files.ts";
import {
  anything,
  closed,
  type Decoded,
  extended,
  flag,
  list,
  message,
  object,
  optional,
  textOf,
  whole,
} from "./schema.ts";
import { type CreateUpload, createFields, createUpload, maxBatchUploads } from "./uploads.ts";

export const batchContentType: string = "application/vnd.naru.batch";

export const batchFile = message(
  "BatchFile",
  "A file whose bytes are in the batch.",
  closed(
    extended(createFields, {
      md5: textOf("md5", "MD5 of its bytes, in hex."),
      crc64: optional(textOf("crc64", "CRC-64/NVME of its bytes, in hex.")),
    }),
  ),
);
export type BatchFile = Decoded<typeof batchFile>;

export const batchManifest = message(
  "BatchManifest",
  "The files of a batch.",
  closed({
    files: list(
      batchFile,
      "Up to 1,000, in the order of their bodies. One that cannot be read has its error in its place.",
      {
        maxItems: maxBatchUploads,
      },
    ),
  }),
);
export type BatchManifest = Decoded<typeof batchManifest>;

export const batchResults = message(
  "BatchResults",
  "The result of each, in order.",
  object({
    results: list(
      orError(
        object({
          file: wireFile,
          same: optional(flag("True when the file was there with these very bytes, and was not written again.")),
        }),
      ),
      "A file or an error, in the order of the manifest.",
    ),
  }),
);
export type BatchResults = Decoded<typeof batchResults>;
export type BatchResult = BatchResults["results"][number];

export const knownResults = message(
  "KnownResults",
  "Which files of a manifest are there with the same bytes, in order.",
  object({ results: list(object({ file: optional(wireFile) }), "`file` is absent where the file has to be sent.") }),
);
export type KnownResults = Decoded<typeof knownResults>;
export type KnownResult = KnownResults["results"][number];

/** One item of a batch: what was asked, or why it cannot be read. A bad one does not fail the others. */
export type Readable<T> = { readonly ok: T } | { readonly error: TransferError };

/** One file of a batch. Its size counts even if nothing else of it can be read: without it, nobody knows where the next body begins. */
export interface BatchEntry {
  readonly size: number;
  readonly file: Readable<BatchFile>;
}

/** Read the answer of `POST /api/batch`. */
export const decodeBatchResults: Decoder<BatchResults> = decoder(batchResults);
/** Read the answer of `POST /api/batch/known`. */
export const decodeKnownResults: Decoder<KnownResults> = decoder(knownResults);

const items = list(anything("Read one by one."), "", { maxItems: maxBatchUploads });
const readManifest = decoder(closed({ files: items }));
const readCreateBatch = decoder(closed({ uploads: items }));
const readSize = decoder(object({ size: whole("") }));
const readFile = decoder(batchFile);
const readCreate = decoder(createUpload);

/** Read the manifest of `POST /api/batch`; a bad file has its error in its place. */
export function decodeBatchManifest(value: unknown): readonly BatchEntry[] {
  return readManifest(value).files.map((item, index) => {
    const what = `files[${index}]`;
    return { size: readSize(item, what).size, file: readable(readFile, item, what) };
  });
}

/** Read the body of `POST /api/uploads/batch`, `{uploads}`; a bad one has its error in its place. */
export function decodeCreateBatch(value: unknown): readonly Readable<CreateUpload>[] {
  return readCreateBatch(value).uploads.map((item, index) => readable(readCreate, item, `uploads[${index}]`));
}

/** Read one item of a batch. */
export function readable<T>(decode: Decoder<T>, value: unknown, what: string): Readable<T> {
  try {
    return { ok: decode(value, what) };
  } catch (error) {
    if (isTransferError(error)) return { error };
    throw error;
  }
}
