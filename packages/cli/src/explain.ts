import { type FailureCode, isTransferError } from "@naru/core";

const advice: Partial<Record<FailureCode, string>> = {
  unauthenticated: "set NARU_URL=http://user:password@host:port, or NARU_TOKEN",
  unreachable: "is the server running, and does NARU_URL name it? Run the same command again to go on",
  unavailable: "run the same command again to go on",
  throttled: "the server is busy; run the same command again to go on",
  "file-changed": "run the same command again to send it as it is now",
  "no-space": "the store is full; make room, then run the same command again to go on",
  unsupported: "leave --route out to take the way that there is",
  "checksum-mismatch": "run the same command again",
};

/** Say what went wrong, and what to do about it. */
export function explain(error: unknown): string {
  if (error instanceof Error && error.name === "AbortError") return "Stopped; run the same command again to go on";
  if (!isTransferError(error)) return error instanceof Error ? error.message : String(error);
  const todo = advice[error.code];
  return todo === undefined ? error.message : `${error.message} (${todo})`;
}
