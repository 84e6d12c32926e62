import { type FailureCode, isTransferError } from "@naru/core";

/** What scripts can tell from the exit code. */
export const exitCodes = {
  ok: 0,
  failed: 1,
  usage: 2,
  notFound: 3,
  refused: 4,
  changed: 5,
  /** Some files were copied or there already, and some were not. */
  partial: 6,
  interrupted: 130,
} as const;

export const exitCodesHelp: string = `
Environment:
  NARU_URL       http://user:password@host:port of the server (default http://localhost:8080)
  NARU_TOKEN     an API token, instead of user and password

Exit codes:
  0 done   1 failed   2 wrong usage   3 not found   4 refused (sign-in, rights)   5 the file changed
  6 partly done (copy)   130 interrupted
`;

const byFailure: Partial<Record<FailureCode, number>> = {
  "not-found": exitCodes.notFound,
  unauthenticated: exitCodes.refused,
  forbidden: exitCodes.refused,
  "file-changed": exitCodes.changed,
};

/** Tell the exit code for what ended a command. */
export function exitCodeOf(error: unknown): number {
  if (isTransferError(error)) return byFailure[error.code] ?? exitCodes.failed;
  if (error instanceof Error && error.name === "UsageError") return exitCodes.usage;
  if (error instanceof Error && error.name === "AbortError") return exitCodes.interrupted;
  return exitCodes.failed;
}

/** The command was called in a way that cannot work. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
