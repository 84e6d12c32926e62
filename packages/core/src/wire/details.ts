/**
 * Messages about one file or folder: who brought it, and what it was before (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { wireFile } from "./files.ts";
import { closed, type Decoded, either, flag, list, message, object, optional, text, textOf, whole } from "./schema.ts";

export const fileDetails = message(
  "WireDetails",
  "All that is known of a file.",
  object({
    file: wireFile,
    md5: optional(text("MD5 of its bytes in hex, where it is known.")),
    sha256: optional(text("SHA-256 of its bytes in hex, where it is known.")),
    account: optional(text("The account that brought it; absent for files of other programs and of earlier versions.")),
    door: optional(text("How: `http`, `sftp`, `ftp` or another door.")),
    arrived: optional(textOf("date-time", "When it came.")),
    versions: flag("Whether its store keeps what it was before (`GET /api/versions`)."),
  }),
);
export type WireDetails = Decoded<typeof fileDetails>;

export const folderDetails = message(
  "WireFolderDetails",
  "What is in a folder, at any depth.",
  object({
    folder: text("Its path, with a final `/`."),
    files: whole("How many files."),
    folders: whole("How many folders with files in them."),
    size: whole("Bytes of all files."),
    whole: flag("False when there is more than was counted."),
  }),
);
export type WireFolderDetails = Decoded<typeof folderDetails>;

export const eitherDetails = either(folderDetails, fileDetails);

export const versionPage = message(
  "WireVersions",
  "What a file was.",
  object({
    versions: list(
      object({
        id: text("Names it in the calls that read or restore it."),
        size: whole("Bytes."),
        etag: text("What the store calls its content."),
        modified: textOf("date-time", "When the store got it."),
        current: flag("Whether it is the file as it is now."),
      }),
      "The newest first.",
    ),
    cursor: optional(text("Where the next page begins; absent on the last one.")),
  }),
);
export type WireVersions = Decoded<typeof versionPage>;

export const versionRequest = message(
  "RestoreVersion",
  "A version that is to be the file again. What the file is now stays as a version.",
  closed({ path: text("The file.", { maxLength: 1024 }), version: text("The version.", { maxLength: 1024 }) }),
);

/** Read what is known of a file. */
export const decodeDetails: Decoder<WireDetails> = decoder(fileDetails);
/** Read what is in a folder. */
export const decodeFolderDetails: Decoder<WireFolderDetails> = decoder(folderDetails);
/** Read what a file was. */
export const decodeVersions: Decoder<WireVersions> = decoder(versionPage);
