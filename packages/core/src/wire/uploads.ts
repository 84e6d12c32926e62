/**
 * Messages about uploads (`docs/protocol.md`). Sizes and offsets are bytes, moments are ISO 8601.
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { orError, type WireError } from "./failures.ts";
import {
  closed,
  type Decoded,
  flag,
  list,
  mediaType,
  message,
  object,
  oneOf,
  optional,
  record,
  text,
  textOf,
  whole,
} from "./schema.ts";

/** Items of one request, at most. */
export const maxBatchUploads: number = 1000;
/** More parts than any store takes. */
const maxCompleteParts = 100_000;
export const epochHeader: string = "naru-epoch";

export type Route = "direct" | "proxy" | "agent";
export const conflictPolicies = ["fail", "rename", "overwrite"] as const;
export type ConflictPolicy = (typeof conflictPolicies)[number];

/** What happens to a name that is taken when nobody says: by the way that a file comes. docs/protocol.md quotes it. */
export const defaultConflict = {
  /** Uploads by parts, and what pages send. */
  upload: "rename",
  batch: "rename",
  form: "rename",
  /** A whole body, as `curl -T` sends it. */
  put: "overwrite",
  /** A copy of what is there. */
  copy: "fail",
  /** A store, which puts a file where it is told. */
  store: "overwrite",
  /** SFTP and FTP, whose clients decide themselves. */
  door: "overwrite",
  move: "fail",
} as const satisfies Readonly<Record<string, ConflictPolicy>>;

const md5 = textOf("md5", "MD5 of its bytes, in hex.");
const crc64 = textOf("crc64", "CRC-64/NVME of its bytes, in hex.");

/** What is said of a file before it comes. */
export const createFields = {
  path: textOf("path", "Where the file will be: names between `/`, up to 1,024 bytes of UTF-8."),
  size: whole("Bytes of the file."),
  type: optional(mediaType("Media type.")),
  modified: optional(textOf("date-time", "When the file was last changed at its owner's.")),
  conflict: optional(oneOf(conflictPolicies, "What to do when the path is taken. Default `rename`.")),
  partSize: optional(whole("The wanted bytes of a part; the server fixes the real size.", { minimum: 1 })),
};

export const createUpload = message("CreateUpload", "A file that is about to be sent.", closed(createFields));
export type CreateUpload = Decoded<typeof createUpload>;

export const wireReceipt = message(
  "WireReceipt",
  "Proof that the store has a part.",
  object({
    number: whole("The part's number, from 1.", { minimum: 1 }),
    offset: whole("Where the part begins in the file, in bytes."),
    size: whole("Bytes of the part."),
    etag: text("What the store calls the part's content."),
    md5: optional(md5),
    crc64: optional(crc64),
  }),
);
export type WireReceipt = Decoded<typeof wireReceipt>;

export const wireLimits = message(
  "Limits",
  "What a store can bear; a file is cut into parts that fit.",
  object({
    minPartSize: whole("Bytes of a part, at least; the last part may be smaller."),
    maxPartSize: whole("Bytes of a part, at most.", { minimum: 1 }),
    maxParts: whole("Parts of a file, at most.", { minimum: 1 }),
    maxSize: whole("Bytes of a file, at most."),
    equalParts: flag("Whether every part but the last must have the same size."),
    maxInFlight: whole("Parts that may travel at once; 1 means one after another.", { minimum: 1 }),
  }),
);

export const wireUpload = message(
  "WireUpload",
  "A file on its way. Receipts and the epoch are in answers to create, get and resume, not in lists.",
  object({
    id: text("Names the upload in all calls."),
    path: text("Where the file will be."),
    size: whole("Bytes of the file; while `sizeKnown` is false, the bytes that have come."),
    partSize: whole("Bytes of every part but the last.", { minimum: 1 }),
    type: optional(text("Media type.")),
    modified: optional(textOf("date-time", "When the file was last changed at its owner's.")),
    owner: text("The account that it belongs to."),
    created: textOf("date-time", "When it was created."),
    expires: textOf("date-time", "When it is removed, unless something is written before."),
    confirmed: whole("Bytes that have receipts, as the server last saw them."),
    direct: flag("Whether parts can be presigned."),
    limits: wireLimits,
    epoch: optional(whole("The lease's epoch; its holder sends it as the header `naru-epoch`.")),
    receipts: optional(list(wireReceipt, "The parts that the store has.")),
    door: optional(
      text(
        "The name of the door it comes through (`sftp`, `ftp`), when not HTTP: then it can be aborted, but neither resumed nor written here.",
      ),
    ),
    sizeKnown: optional(flag("False while nobody knows how large it will be.")),
  }),
);
export type WireUpload = Decoded<typeof wireUpload>;

export const uploadList = message(
  "UploadList",
  "The caller's unfinished uploads.",
  object({ uploads: list(wireUpload, "Unfinished uploads.") }),
);

export const createBatch = message(
  "CreateBatch",
  "Many files that are about to be sent.",
  closed({
    uploads: list(createUpload, "Up to 1,000. One that cannot be read has its error in its place.", {
      maxItems: maxBatchUploads,
    }),
  }),
);
export type CreateBatch = Decoded<typeof createBatch>;

export const createResults = message(
  "CreateResults",
  "The result of each, in order.",
  object({ results: list(orError(object({ upload: wireUpload })), "An upload or an error, in the order asked.") }),
);
export type CreateResult = { readonly upload: WireUpload } | { readonly error: WireError };

export const partDigest = message(
  "WirePartDigest",
  "A part and what its bytes are.",
  closed({ number: whole("The part's number, from 1.", { minimum: 1 }), md5: optional(md5), crc64: optional(crc64) }),
);
export type WirePartDigest = Decoded<typeof partDigest>;

export const signParts = message(
  "SignParts",
  "Parts to presign. A part without `md5` is refused: the store checks it.",
  closed({ parts: list(partDigest, "Up to 1,000.", { maxItems: maxBatchUploads }) }),
);
export type SignParts = Decoded<typeof signParts>;

export const signedPart = message(
  "WireSignedPart",
  "A request that writes one part straight to the store: PUT with exactly these headers.",
  object({
    number: whole("The part's number, from 1.", { minimum: 1 }),
    url: textOf("http-url", "Where to put it."),
    headers: record(text("A header's value."), "Headers that are signed, by name."),
    expires: textOf("date-time", "Until when the request must have begun."),
  }),
);
export type WireSignedPart = Decoded<typeof signedPart>;

export const signedParts = message(
  "SignedParts",
  "Presigned parts.",
  object({ parts: list(signedPart, "In the order asked.") }),
);
export type SignedParts = Decoded<typeof signedParts>;

const completeParts = list(partDigest, "Digests of parts that were not presigned here.", {
  maxItems: maxCompleteParts,
});

export const completeUpload = message(
  "CompleteUpload",
  "Every part has been sent.",
  closed({ parts: optional(completeParts) }),
);
export type CompleteUpload = Decoded<typeof completeUpload>;

const completeOne = closed({
  id: text("The upload."),
  epoch: optional(whole("The lease that the caller holds.")),
  parts: optional(completeParts),
});
/** One of the uploads in `POST /api/uploads/complete`. */
export type CompleteOne = Decoded<typeof completeOne>;

export const completeBatch = message(
  "CompleteBatch",
  "Uploads of which every part has been sent.",
  closed({ uploads: list(completeOne, "Up to 1,000.", { maxItems: maxBatchUploads }) }),
);

/** Read an upload. */
export const decodeWireUpload: Decoder<WireUpload> = decoder(wireUpload);
/** Read one receipt. */
export const decodeReceipt: Decoder<WireReceipt> = decoder(wireReceipt);
/** Read presigned parts. */
export const decodeSignedParts: Decoder<SignedParts> = decoder(signedParts);

const readUploads = decoder(uploadList);
const readCreateResults = decoder(createResults);
const readComplete = decoder(completeUpload);

/** Read the answer of `GET /api/uploads`, `{uploads}`. */
export function decodeUploads(value: unknown): readonly WireUpload[] {
  return readUploads(value).uploads;
}

/** Read the answer of `POST /api/uploads/batch`, `{results}`. */
export function decodeCreateResults(value: unknown): readonly CreateResult[] {
  return readCreateResults(value).results;
}

/** Read the body of `POST /api/uploads/{id}/complete`; it may be missing. */
export function decodeCompleteUpload(value: unknown): CompleteUpload {
  return readComplete(value ?? {});
}
