/**
 * Messages of `GET /api/events`: what happens to files and folders (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { type Decoded, message, object, oneOf, optional, text, textOf, whole } from "./schema.ts";

export const wireEvent = message(
  "WireEvent",
  "What happened to a file or folder.",
  object({
    kind: oneOf(["arrived", "moved", "removed"], "What happened. Folders are moved and removed after what is in them."),
    path: text("Where it is, or was when it is removed; a folder's ends with `/`."),
    from: optional(text("Of what moved: where it was.")),
    size: optional(whole("Bytes of the file.")),
    etag: optional(text("What the store calls its content.")),
    modified: optional(textOf("date-time", "When the file was last changed.")),
    account: text("The account that did it."),
    door: text("The door that it used: `http`, `sftp`, `ftp` or another."),
    at: textOf("date-time", "When it happened."),
  }),
);
export type WireEvent = Decoded<typeof wireEvent>;

/** Read an event. */
export const decodeEvent: Decoder<WireEvent> = decoder(wireEvent);

interface ChangedPaths {
  readonly path: string;
  readonly from?: string | undefined;
}

/** Whether a change is about a folder ("" or "a/b/"): something in it, or the folder itself or one that it lies in. */
export function concernsFolder({ from, path }: ChangedPaths, folder: string): boolean {
  return [path, from].some((one) => one?.startsWith(folder) || (one?.endsWith("/") && folder.startsWith(one)));
}
