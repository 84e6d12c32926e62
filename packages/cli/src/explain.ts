import { type FailureCode, isTransferError } from "@naru/core";

const advice: Partial<Record<FailureCode, string>> = {
  unauthenticated: "set NARU_URL=http://user:password@host:port, or NARU_TOKEN",
  unreachable: "is the server running, and does NARU_URL name it? Run the same command again to resume",
  unavailable: "run the same command again to resume",
  throttled: "the server is busy; run the same command again to resume",
  "file-changed": "run the same command again to send it as it is now",
  "no-space": "the store is full; make room, then run the same command again to resume",
  "proxy-limit":
    "whoever runs the proxy can raise its limit, in nginx by client_max_body_size 0; then run the same command again",
  "checksum-mismatch": "run the same command again",
};

/** What the system says of this computer's own files. */
const ofDisk: Readonly<Record<string, string>> = {
  EACCES: "you have no right to it",
  EEXIST: "there is a file where it needs a folder",
  EDQUOT: "your share of the disk is used up; make room, then run the same command again to resume",
  EISDIR: "it is a folder",
  EIO: "the disk cannot be read or written there",
  ENOENT: "it, or its folder, is not there",
  ENOSPC: "the disk is full; make room, then run the same command again to resume",
  ENOTDIR: "there is a file where it needs a folder",
  EPERM: "you have no right to it",
  EROFS: "the disk takes no changes",
};

/** The codes that a failure of this computer's disk has, where the engine met it. */
const ofThisDisk: ReadonlySet<FailureCode> = new Set(["no-space", "internal"]);

/** Say what went wrong, and what to do about it. */
export function explain(error: unknown): string {
  if (error instanceof Error && error.name === "AbortError") return "Stopped; run the same command again to resume";
  if (!isTransferError(error)) return ofThisComputer(error);
  if (ofThisDisk.has(error.code) && error.cause instanceof Error && diskCode(error.cause) !== undefined)
    return ofThisComputer(error.cause);
  const todo = advice[error.code];
  return todo === undefined ? error.message : `${error.message} (${todo})`;
}

function ofThisComputer(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { path } = error as NodeJS.ErrnoException;
  const code = diskCode(error);
  const why = code === undefined ? undefined : ofDisk[code];
  if (why === undefined) return error.message;
  return path === undefined ? `Cannot continue: ${why}` : `Cannot use "${path}": ${why}`;
}

function diskCode(error: Error): string | undefined {
  const { code } = error as NodeJS.ErrnoException;
  return code !== undefined && Object.hasOwn(ofDisk, code) ? code : undefined;
}
