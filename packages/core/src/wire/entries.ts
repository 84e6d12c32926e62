/**
 * Messages about what lies in a folder: whole folders in few calls, and what is found by name (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { wireFile } from "./files.ts";
import { type Decoded, flag, list, message, object, optional, text, whole } from "./schema.ts";

export const entryPage = message(
  "WireEntries",
  "Entries of a folder, a list for each fact: the first of each list belong together.",
  object({
    folder: text("The folder as it is spelled, with its final `/`; empty for the topmost one."),
    folders: list(text("A name, without `/`."), "Folders in it."),
    mounts: optional(
      list(
        object({
          name: text("A name in `folders`."),
          isStore: flag("Whether it is a store of its own; else one is mounted in it, or deeper."),
        }),
        "Folders that cannot be renamed, moved or removed, because stores are mounted there; absent where there are none.",
      ),
    ),
    names: list(text("A name: with `folder` before it, the path."), "Files in it."),
    sizes: list(whole("Bytes."), "Their sizes."),
    times: list(whole("Milliseconds since 1970."), "When they were last changed."),
    cursor: optional(text("Where the next page begins; absent on the last one.")),
  }),
);
export type WireEntries = Decoded<typeof entryPage>;

export const searchPage = message(
  "WireSearchPage",
  "What was found by name so far.",
  object({
    files: list(wireFile, "Files whose names match."),
    folders: list(text("A folder, with its final `/`."), "Folders whose names match."),
    mounts: optional(
      list(text("One of `folders`."), "Those that are stores of their own; absent where there are none."),
    ),
    missing: optional(
      list(
        text("A folder, with its final `/`."),
        "Stores that do not answer and were not searched; absent where all do.",
      ),
    ),
    looked: whole("How many files this call has looked at."),
    cursor: optional(text("Where to look next, though nothing was found; absent when all was looked at.")),
  }),
);
export type WireSearchPage = Decoded<typeof searchPage>;

/** Read a page of a folder. */
export const decodeEntries: Decoder<WireEntries> = decoder(entryPage);
/** Read what was found. */
export const decodeSearchPage: Decoder<WireSearchPage> = decoder(searchPage);
