/**
 * Texts of a certain form: what they match, what is said of one that does not, and what they are read as.
 *
 * @module
 */

import { normalizePath } from "../path.ts";
import type { FormatName } from "./schema.ts";
import { unreadable } from "./unreadable.ts";

export interface Format {
  /** A regular expression without flags. Where it is absent, `read` decides. */
  readonly pattern?: string;
  /** What is so when it does not match. */
  readonly why?: string;
  /** Turn the text into what the decoder returns. @throws {TransferError} `invalid` */
  readonly read?: (text: string, what: string) => string | undefined;
}

const noMoment = "it is not a date in ISO 8601";
const lowerCase = (text: string): string => text.toLowerCase();
const token = "[A-Za-z0-9][A-Za-z0-9_!#$&^.+-]{0,126}";

/** Every format. */
export const formats: Readonly<Record<FormatName, Format>> = {
  "date-time": { pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d", why: noMoment, read: readMoment },
  md5: { pattern: "^[0-9A-Fa-f]{32}$", why: "it is not 32 hex digits", read: lowerCase },
  crc64: { pattern: "^[0-9A-Fa-f]{16}$", why: "it is not 16 hex digits", read: lowerCase },
  path: { read: (text) => normalizePath(text) },
  folder: { pattern: "^$|/$", why: "it does not end with a slash" },
  "media-type": {
    pattern: `^$|^${token}/${token}( *;[\\x20-\\x7e]{0,200})?$`,
    why: "it is not a media type",
    read: (text) => (text === "" ? undefined : text),
  },
  "http-url": { pattern: "^[Hh][Tt][Tt][Pp][Ss]?://", why: "it is not an http URL" },
  "pairing-code": { pattern: "^\\d{6}$", why: "it is not 6 digits" },
};

function readMoment(text: string, what: string): string {
  if (Number.isNaN(Date.parse(text))) throw unreadable(what, noMoment);
  return text;
}
