/**
 * What the server says on the control connection (RFC 959 4.2, RFC 2389 for features): a code and a line, or several.
 *
 * @module
 */

import type { FailureCode } from "@naru/core";
import { isTransferError } from "@naru/core";

/** One answer to a command. */
export interface Reply {
  readonly code: number;
  readonly text: string;
  /** Lines between the first and the last, for answers that list something. */
  readonly lines?: readonly string[] | undefined;
  /** What the session does once the answer is on its way. */
  readonly next?: "close" | "secure" | undefined;
}

/** Say `text` under `code`. */
export function reply(code: number, text: string): Reply {
  return { code, text };
}

/** A command that cannot be done, with the code that FTP has for the reason. */
export class FtpFault extends Error {
  override readonly name = "FtpFault";
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The code of FTP for each failure; a client tries again on its own after 4yz, never after 5yz. */
const codeOf: Readonly<Record<FailureCode, number>> = {
  invalid: 553,
  unauthenticated: 530,
  forbidden: 550,
  "not-found": 550,
  conflict: 550,
  incomplete: 426,
  superseded: 426,
  "short-body": 426,
  "long-body": 552,
  "too-large": 552,
  "proxy-limit": 552,
  "checksum-mismatch": 451,
  "file-changed": 450,
  expired: 450,
  throttled: 450,
  unavailable: 450,
  unreachable: 450,
  "no-space": 452,
  unsupported: 504,
  internal: 451,
};

/** Turn what a command threw into an answer; `undefined` when it is no failure that a client should read about. */
export function replyTo(error: unknown): Reply | undefined {
  if (error instanceof FtpFault) return reply(error.code, error.message);
  if (isTransferError(error)) return reply(codeOf[error.code], error.message);
  return undefined;
}

/** Write an answer as it goes over the wire. */
export function formatReply({ code, text, lines }: Reply): string {
  if (lines === undefined) return `${code} ${oneLine(text)}\r\n`;
  // A line of a list begins with a space, so that none of them can be taken for the last.
  const between = lines.map((line) => ` ${oneLine(line)}\r\n`).join("");
  return `${code}-${oneLine(text)}\r\n${between}${code} End\r\n`;
}

function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, "?");
}
