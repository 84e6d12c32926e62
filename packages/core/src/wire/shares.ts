/**
 * Messages about links for people without an account: to files (`share`) and for sending files in (`request`). Owners call
 * `/api/shares`; guests call below `/s/{token}` (`docs/protocol.md`).
 *
 * @module
 */

import { type Decoder, decoder } from "./decoder.ts";
import {
  closed,
  type Decoded,
  extended,
  flag,
  list,
  message,
  nullable,
  object,
  oneOf,
  optional,
  type Schema,
  text,
  textOf,
  whole,
} from "./schema.ts";

export const shareKinds = ["share", "request"] as const;
export type ShareKind = (typeof shareKinds)[number];
/** What a request may ask of who sends. */
export const guestFields = ["name", "email"] as const;
export type GuestField = (typeof guestFields)[number];

/** A value, or `null` to take it away. */
/* @__NO_SIDE_EFFECTS__ */
function removable<T>(schema: Schema<T>): Schema<T | null> {
  return { ...nullable(schema), description: schema.description ?? "" };
}

const kind = oneOf(
  shareKinds,
  "`share`: guests read what is at the path. `request`: guests send files into the folder.",
);
const path = text("The file, or the folder with its final `/`. A request is always for a folder; `` is all files.", {
  maxLength: 1024,
});
const title = text("What guests read first.", { maxLength: 200 });
const note = text("What guests read below it.", { maxLength: 4000 });
const password = text("What guests must type; at least 4 characters.", { minLength: 4, maxLength: 1000 });
const expires = textOf("date-time", "When it stops. Default: in 7 days; the operator sets how far away it may be.");
const maxDownloads = whole("How many times it may be taken. A guest who resumes does not count again.", { minimum: 1 });
const preview = flag("Whether guests may look at files in the page. Default true.");
const types = list(
  text("An extension as `.pdf`, a media type or a family of them as `image/*`.", { maxLength: 100 }),
  "What may be sent; empty: anything.",
  { maxItems: 100 },
);
const asks = list(oneOf(guestFields, "A field."), "What who sends must fill in.", { maxItems: 2 });
const senderFolders = flag("Whether each sender gets a folder of their own in it. Default true.");
const maxFileSize = whole("Most bytes of one file.", { minimum: 1 });
const maxBytes = whole("Most bytes of all files together.", { minimum: 1 });
const maxFiles = whole("Most files.", { minimum: 1 });

export const createShare = message(
  "CreateShare",
  "A link to make.",
  closed({
    kind,
    path,
    title: optional(title),
    note: optional(note),
    password: optional(password),
    expires: optional(expires),
    maxDownloads: optional(maxDownloads),
    preview: optional(preview),
    maxFileSize: optional(maxFileSize),
    maxBytes: optional(maxBytes),
    maxFiles: optional(maxFiles),
    types: optional(types),
    asks: optional(asks),
    senderFolders: optional(senderFolders),
  }),
);
export type CreateShare = Decoded<typeof createShare>;

export const changeShare = message(
  "ChangeShare",
  "What is to be different; `null` takes a limit or the password away.",
  closed({
    title: optional(title),
    note: optional(note),
    password: optional(removable(password)),
    expires: optional(expires),
    maxDownloads: optional(removable(maxDownloads)),
    preview: optional(preview),
    maxFileSize: optional(removable(maxFileSize)),
    maxBytes: optional(removable(maxBytes)),
    maxFiles: optional(removable(maxFiles)),
    types: optional(types),
    asks: optional(asks),
    renew: optional(flag("Whether to give it a new address; the one of before stops at once.")),
  }),
);
export type ChangeShare = Decoded<typeof changeShare>;

const shareStates = ["open", "expired", "used-up", "revoked"] as const;
export type ShareState = (typeof shareStates)[number];

const shareFields = {
  id: text("Names it in its owner's calls. It opens nothing."),
  kind,
  path: text("The file, or the folder with its final `/`."),
  title: text("What guests read first."),
  note: text("What guests read below it."),
  created: textOf("date-time", "When it was made."),
  expires: textOf("date-time", "When it stops."),
  state: oneOf(shareStates, "Whether it still works, and why not.", { otherwise: "revoked" }),
  hasPassword: flag("Whether guests must type a password."),
  preview: flag("Whether guests may look at files in the page."),
  maxDownloads: optional(whole("How many times it may be taken.")),
  downloads: whole("How many times it was taken."),
  maxFileSize: optional(whole("Most bytes of one file.")),
  maxBytes: optional(whole("Most bytes of all files together.")),
  maxFiles: optional(whole("Most files.")),
  types: list(text("An extension or a media type."), "What may be sent; empty: anything."),
  asks: list(text("A field."), "What who sends must fill in."),
  senderFolders: flag("Whether each sender gets a folder of their own."),
  files: whole("Files that have been sent in."),
  bytes: whole("Their bytes."),
};

export const wireShare = message("WireShare", "A link, without its secret.", object(shareFields));
export type WireShare = Decoded<typeof wireShare>;

export const madeShare = message(
  "MadeShare",
  "A link with its secret, which is shown this once.",
  object(extended(shareFields, { token: text("The address of the link is `/s/{token}`.") })),
);
export type MadeShare = Decoded<typeof madeShare>;

export const shareList = message(
  "ShareList",
  "The caller's links.",
  object({
    shares: list(wireShare, "The newest first."),
    defaultDays: whole("How many days a link lasts when nothing is said."),
    maxDays: whole("How many days a link may last."),
  }),
);
export type ShareList = Decoded<typeof shareList>;

const shareLogEntry = message(
  "ShareLogEntry",
  "What a guest took or sent.",
  object({
    what: oneOf(["took", "sent"], "Whether the guest read or wrote.", { otherwise: "took" }),
    path: text("The file, below what the link is to; of a ZIP file of folders, what it was asked for."),
    size: whole("Bytes of it."),
    bytes: whole("Bytes that went over the line; ranges that were asked for again count again."),
    at: textOf("date-time", "When it began."),
    ended: optional(textOf("date-time", "When the last byte went over the line.")),
    guest: text("The name that the guest gave; empty without one."),
    email: text("The e-mail address that the guest gave; empty without one."),
    address: text("Where the guest called from, as far as the server's policy keeps it."),
  }),
);
export type ShareLogEntry = Decoded<typeof shareLogEntry>;

export const shareLog = message(
  "ShareLog",
  "What was taken and sent by a link.",
  object({ entries: list(shareLogEntry, "The newest first; at most 1,000.") }),
);

/** Read the answer of `POST /api/shares`, and of `PATCH` that renews. */
export const decodeMadeShare: Decoder<MadeShare> = decoder(madeShare);
/** Read a link. */
export const decodeShare: Decoder<WireShare> = decoder(wireShare);
/** Read the answer of `GET /api/shares`. */
export const decodeShareList: Decoder<ShareList> = decoder(shareList);
/** Read the answer of `GET /api/shares/{id}/log`. */
export const decodeShareLog: Decoder<Decoded<typeof shareLog>> = decoder(shareLog);
