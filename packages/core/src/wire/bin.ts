/**
 * Messages about the bin: what was removed and can be restored (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { closed, type Decoded, list, message, object, optional, text, textOf, whole } from "./schema.ts";

export const wireBinItem = message(
  "WireBinItem",
  "A file or folder in the bin.",
  object({
    id: text("Names it in the calls that restore or remove it."),
    path: text("Where it was; a folder's ends with `/`."),
    size: whole("Bytes of the file, or of all files in the folder."),
    files: whole("How many files it is: 1, or those in the folder."),
    removed: textOf("date-time", "When it was removed."),
    by: text("The account that removed it."),
    expires: textOf("date-time", "When it is removed for good."),
  }),
);
export type WireBinItem = Decoded<typeof wireBinItem>;

export const binPage = message(
  "WireBinPage",
  "A page of the bin.",
  object({
    items: list(wireBinItem, "The last removed first."),
    cursor: optional(text("Where the next page begins; absent on the last one.")),
  }),
);
export type WireBinPage = Decoded<typeof binPage>;

export const binRequest = message(
  "BinRequest",
  "A file or folder to put into the bin.",
  closed({ path: text("Where it is; a final `/` says that it is a folder.", { maxLength: 1024 }) }),
);

export const restoreRequest = message(
  "RestoreRequest",
  "Where to restore an item of the bin.",
  closed({ to: optional(text("Where it will be. By default where it was.", { maxLength: 1024 })) }),
);

/** Read an item of the bin. */
export const decodeBinItem: Decoder<WireBinItem> = decoder(wireBinItem);
/** Read a page of the bin. */
export const decodeBinPage: Decoder<WireBinPage> = decoder(binPage);
