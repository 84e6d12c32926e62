import { type FailureCode, isTransferError } from "@naru/core";
import { type StatusCode, status } from "@naru/core/sftp-v3";
import { statusAnswer } from "./answers.ts";

const statusOf: Readonly<Record<FailureCode, StatusCode>> = {
  invalid: status.failure,
  unauthenticated: status.permissionDenied,
  forbidden: status.permissionDenied,
  "not-found": status.noSuchFile,
  conflict: status.failure,
  incomplete: status.failure,
  superseded: status.failure,
  "short-body": status.failure,
  "long-body": status.failure,
  "too-large": status.failure,
  "proxy-limit": status.failure,
  "checksum-mismatch": status.failure,
  "file-changed": status.failure,
  expired: status.failure,
  throttled: status.failure,
  unavailable: status.failure,
  unreachable: status.failure,
  "no-space": status.failure,
  unsupported: status.unsupported,
  internal: status.failure,
};

/** The answer to a request that failed. What is not a failure of ours to tell is told in general words. */
export function failureAnswer(id: number, error: unknown): Uint8Array {
  if (isTransferError(error)) return statusAnswer(id, statusOf[error.code], error.message);
  return statusAnswer(id, status.failure, "Cannot do this: internal error");
}
