/**
 * POST /api/uploads/check: what would become of files if they were sent, asked before the first byte (`docs/protocol.md`).
 *
 * @module
 */

import { type Readable, readable } from "./batches.ts";
import { type Decoder, decoder } from "./decoder.ts";
import { wireError } from "./failures.ts";
import { wireFile } from "./files.ts";
import {
  anything,
  closed,
  type Decoded,
  list,
  mediaType,
  message,
  object,
  oneOf,
  optional,
  textOf,
  whole,
} from "./schema.ts";
import { maxBatchUploads } from "./uploads.ts";

export const fileToCheck = message(
  "FileToCheck",
  "A file that somebody would send.",
  closed({
    path: textOf("path", "Where the file would be."),
    size: whole("Bytes of the file."),
    type: optional(mediaType("Media type.")),
    modified: optional(textOf("date-time", "When the file was last changed at its owner's.")),
    md5: optional(textOf("md5", "MD5 of its bytes, in hex, where it is known.")),
    crc64: optional(textOf("crc64", "CRC-64/NVME of its bytes, in hex, where it is known.")),
  }),
);
export type FileToCheck = Decoded<typeof fileToCheck>;

export const checkUploads = message(
  "CheckUploads",
  "Files that somebody would send.",
  closed({
    files: list(fileToCheck, "Up to 1,000. One that cannot be read has its error in its place.", {
      maxItems: maxBatchUploads,
    }),
  }),
);

const takenBy = ["file", "folder", "upload"] as const;
const sameBy = ["content", "facts"] as const;

export const checkedFile = message(
  "CheckedFile",
  "What would become of a file. Without `error` and `taken` it would get its name.",
  object({
    taken: optional(oneOf(takenBy, "What has the name: a file, a folder, or an upload that is on its way to it.")),
    file: optional(wireFile),
    same: optional(
      oneOf(
        sameBy,
        "The file that has the name is this one: `content` by a checksum, `facts` by size and modification time, which prove nothing.",
      ),
    ),
    error: optional(wireError),
  }),
);
export type CheckedFile = Decoded<typeof checkedFile>;

export const checkedUploads = message(
  "CheckedUploads",
  "What would become of each, in order.",
  object({
    results: list(checkedFile, "In the order asked."),
    free: optional(whole("Bytes of room where the first of the files would go; absent where the store cannot tell.")),
  }),
);
export type CheckedUploads = Decoded<typeof checkedUploads>;

/** Read the answer of `POST /api/uploads/check`. */
export const decodeCheckedUploads: Decoder<CheckedUploads> = decoder(checkedUploads);

const readFiles = decoder(closed({ files: list(anything("Read one by one."), "", { maxItems: maxBatchUploads }) }));
const readFile = decoder(fileToCheck);

/** Read the body of `POST /api/uploads/check`, `{files}`; a bad one has its error in its place. */
export function decodeCheckUploads(value: unknown): readonly Readable<FileToCheck>[] {
  return readFiles(value).files.map((item, index) => readable(readFile, item, `files[${index}]`));
}
