import { type FailureCode, TransferError } from "@naru/core";
import { status } from "@naru/core/sftp-v3";

/** Those from 9 on come from later versions, and some servers send them in version 3 too. */
const codes: Readonly<Record<number, FailureCode>> = {
  1: "incomplete",
  2: "not-found",
  3: "forbidden",
  4: "internal",
  5: "internal",
  6: "unreachable",
  7: "unreachable",
  8: "unsupported",
  10: "not-found",
  11: "conflict",
  12: "forbidden",
  14: "no-space",
  15: "no-space",
  17: "conflict",
  18: "conflict",
  19: "not-found",
  20: "invalid",
  24: "conflict",
};

const names: Readonly<Record<number, string>> = {
  2: "there is no such file",
  3: "permission denied",
  4: "the server failed",
  8: "the server does not support it",
  14: "no space is left on the server",
  15: "the quota on the server is used up",
};

/** A status other than OK. */
export class SftpFailure extends TransferError {
  readonly status: number;

  constructor(doing: string, code: number, message: string) {
    // Servers of all makes pack what they know into the message of a plain failure.
    const full = code === status.failure && /no space|disk full|quota/i.test(message);
    const why = names[code];
    const said = message === "" || /^(failure|no such file|permission denied)$/i.test(message);
    super(
      full ? "no-space" : (codes[code] ?? "internal"),
      `Cannot ${doing}: ${why === undefined || !said ? `${why ?? "the server says"} (${message || code})` : why}`,
    );
    this.status = code;
  }
}

/** Tell whether `error` says that a file is missing. */
export function isMissing(error: unknown): boolean {
  return error instanceof TransferError && error.code === "not-found";
}

/** The value of `work`, or `undefined` when there is no such file. */
export async function ifThere<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
