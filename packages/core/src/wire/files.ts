/**
 * Messages about files that have arrived, and about folders (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { orError } from "./failures.ts";
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
  text,
  textOf,
  whole,
} from "./schema.ts";
import { conflictPolicies } from "./uploads.ts";

export const wireFile = message(
  "WireFile",
  "A file that has arrived.",
  object({
    path: text("Where it is."),
    size: whole("Bytes of the file."),
    etag: text("What the store calls its content."),
    modified: textOf("date-time", "When it was last changed."),
    type: optional(text("Media type.")),
    crc64: optional(textOf("crc64", "CRC-64/NVME of its bytes in hex, when it is known.")),
    usable: optional(
      flag("False for a name that another program gave and that Naru does not write: the file is reached by `?key=`."),
    ),
  }),
);
export type WireFile = Decoded<typeof wireFile>;

export const filePage = message(
  "WireFilePage",
  "A page of a listing.",
  object({
    files: list(wireFile, "By name."),
    folders: list(text("A folder, with its final `/`."), "With a delimiter, what lies deeper."),
    cursor: optional(text("Where the next page begins; absent on the last one.")),
  }),
);
export type WireFilePage = Decoded<typeof filePage>;

export const wireFolder = message("WireFolder", "A folder.", object({ folder: text("Its path, with a final `/`.") }));
export type WireFolder = Decoded<typeof wireFolder>;

export const moveRequest = message(
  "MoveRequest",
  "A file or a folder to rename.",
  closed({
    from: text("Where it is; a final `/` says that it is a folder."),
    to: text("Where it will be."),
    conflict: optional(
      oneOf(conflictPolicies, "What to do when the path is taken. Default `fail`. A folder is never replaced."),
    ),
  }),
);

export const copyRequest = message(
  "CopyRequest",
  "A file or a folder to copy.",
  closed({
    from: text("Where it is; a final `/` says that it is a folder."),
    to: text("Where the copy will be."),
    conflict: optional(
      oneOf(conflictPolicies, "What to do when the path is taken. Default `fail`. A folder is never replaced."),
    ),
  }),
);

export const downloadRequest = message("DownloadRequest", "A file to read.", closed({ path: text("Where it is.") }));

export const wireDownload = message(
  "WireDownload",
  "How to read a file straight from the store, and what it must be.",
  object({
    file: wireFile,
    urls: list(
      text("A presigned URL."),
      "One for each public endpoint; empty where files are read through the server.",
    ),
    expires: optional(textOf("date-time", "Until when the URLs can be used.")),
  }),
);
export type WireDownload = Decoded<typeof wireDownload>;

export const formFiles = message(
  "FormFiles",
  "What a form has written.",
  object({ files: list(wireFile, "In the order of the form.") }),
);

export const completeResults = message(
  "CompleteResults",
  "The result of each, in order.",
  object({ results: list(orError(object({ file: wireFile })), "A file or an error, in the order asked.") }),
);

const readType = decoder(mediaType("Media type."));

/** Read a file that has arrived. */
export const decodeWireFile: Decoder<WireFile> = decoder(wireFile);
/** Read a page of files. */
export const decodeFilePage: Decoder<WireFilePage> = decoder(filePage);
/** Read where a folder is. */
export const decodeFolder: Decoder<WireFolder> = decoder(wireFolder);
/** Read how a file is downloaded. */
export const decodeDownload: Decoder<WireDownload> = decoder(wireDownload);

/** Read a media type; an empty one is `undefined`, as browsers say it of files they do not know. */
export function decodeType(value: unknown, what: string): string | undefined {
  return readType(value, what);
}
