/**
 * Messages between a link's page and the server (`docs/protocol.md`, below `/s/{token}`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import { wireFile } from "./files.ts";
import { closed, type Decoded, flag, list, message, object, oneOf, optional, text, textOf, whole } from "./schema.ts";
import { guestFields, shareKinds } from "./shares.ts";

/** What who opens a link types. */
export const enterShare = message(
  "EnterShare",
  "What a guest types to enter by a link.",
  closed({
    password: optional(text("The link's password.", { maxLength: 1000 })),
    name: optional(text("The guest's name.", { maxLength: 100 })),
    email: optional(text("The guest's e-mail address.", { maxLength: 200 })),
    ticket: optional(
      text("Of a former answer: the browser has lost its cookie, and is the same guest again.", { maxLength: 100 }),
    ),
  }),
);
export type EnterShare = Decoded<typeof enterShare>;

const guest = message(
  "WireGuest",
  "A guest who has entered.",
  object({
    id: text("Names the guest in this browser; it opens nothing."),
    name: text("The name given; empty without one."),
    email: text("The e-mail address given; empty without one."),
  }),
);
export type WireGuest = Decoded<typeof guest>;

/** Before the password was typed, only what the form needs is told. */
export const wireGuestShare = message(
  "WireGuestShare",
  "What a link is, as its guests see it.",
  object({
    kind: oneOf(shareKinds, "Whether files are taken or sent."),
    state: oneOf(
      ["open", "locked", "ask", "used-up"],
      "`locked`: a password is to be typed. `ask`: the sender gives a name first.",
      {
        otherwise: "locked",
      },
    ),
    title: text("What guests read first; empty while it is locked."),
    note: text("What guests read below it."),
    asks: list(oneOf(guestFields, "A field."), "What who sends must fill in."),
    expires: optional(textOf("date-time", "When it stops.")),
    preview: optional(flag("Whether files may be looked at in the page.")),
    entry: optional(oneOf(["file", "folder"], "What is shared.")),
    name: optional(text("The name of what is shared.")),
    file: optional(wireFile),
    guest: optional(guest),
    ticket: optional(text("By it a guest is the same again without the cookie; only who enters gets one.")),
    maxFileSize: optional(whole("Most bytes of one file.")),
    bytesLeft: optional(whole("Bytes that may still be sent.")),
    filesLeft: optional(whole("Files that may still be sent.")),
    types: optional(list(text("An extension or a media type."), "What may be sent; empty: anything.")),
  }),
);
export type WireGuestShare = Decoded<typeof wireGuestShare>;

const delivered = message(
  "DeliveredFile",
  "A file that a guest sent and that has arrived.",
  object({
    path: text("Its name, as it was kept."),
    size: whole("Its bytes."),
    crc64: optional(textOf("crc64", "CRC-64/NVME of its bytes, in hex.")),
    etag: text("What the store calls its content."),
    arrived: textOf("date-time", "When it was whole and verified."),
  }),
);
export type DeliveredFile = Decoded<typeof delivered>;

export const guestReceipt = message(
  "GuestReceipt",
  "What one guest has sent by a link.",
  object({
    title: text("What the link is called."),
    guest: text("The name that the guest gave."),
    email: text("The e-mail address that the guest gave."),
    issued: textOf("date-time", "When the server wrote this."),
    files: list(delivered, "The oldest first."),
  }),
);
export type GuestReceipt = Decoded<typeof guestReceipt>;

/** Read what a link is. */
export const decodeGuestShare: Decoder<WireGuestShare> = decoder(wireGuestShare);
/** Read what a guest has sent. */
export const decodeGuestReceipt: Decoder<GuestReceipt> = decoder(guestReceipt);
