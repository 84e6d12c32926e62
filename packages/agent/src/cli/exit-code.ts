import { type FailureCode, isTransferError } from "@naru/core";

/** What scripts can tell from the exit code; the same as those of `naru`. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, notFound: 3, refused: 4, changed: 5, interrupted: 130 } as const;

export const exitCodesHelp: string = `
Environment:
  NARU_TOKEN        an API token of the Naru server that --to names
  NARU_AGENT_DATA   the data folder, unless --data names it

Exit codes:
  0 done   1 failed   2 wrong usage   3 not found   4 refused (sign-in, rights, host key)   5 the file changed   130 interrupted
`;

const byFailure: Partial<Record<FailureCode, number>> = {
  invalid: exitCodes.usage,
  "not-found": exitCodes.notFound,
  unauthenticated: exitCodes.refused,
  forbidden: exitCodes.refused,
  "file-changed": exitCodes.changed,
};

/** Tell the exit code for what ended a command. */
export function exitCodeOf(error: unknown): number {
  if (isTransferError(error)) return byFailure[error.code] ?? exitCodes.failed;
  return error instanceof Error && error.name === "AbortError" ? exitCodes.interrupted : exitCodes.failed;
}
