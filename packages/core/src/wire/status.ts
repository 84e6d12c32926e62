/**
 * Failures on the wire: which HTTP status tells of which code (`docs/protocol.md`).
 *
 * @module
 */

import type { FailureCode } from "../errors.ts";
import { isTransferError, TransferError } from "../errors.ts";
import type { WireError } from "./failures.ts";

/** The HTTP status of every failure. A failed `If-Match` is 412 although its code is `conflict`. */
export const statusOf: Readonly<Record<FailureCode, number>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  incomplete: 409,
  superseded: 409,
  "short-body": 400,
  "long-body": 400,
  "too-large": 413,
  "proxy-limit": 413,
  "checksum-mismatch": 422,
  "file-changed": 412,
  expired: 403,
  throttled: 429,
  unavailable: 503,
  unreachable: 502,
  "no-space": 507,
  unsupported: 501,
  internal: 500,
};

const codeOf: Readonly<Record<number, FailureCode>> = {
  400: "invalid",
  401: "unauthenticated",
  403: "forbidden",
  404: "not-found",
  408: "unavailable",
  409: "conflict",
  410: "not-found",
  411: "invalid",
  412: "conflict",
  413: "proxy-limit",
  416: "invalid",
  422: "invalid",
  429: "throttled",
  431: "invalid",
  500: "internal",
  501: "unsupported",
  502: "unreachable",
  503: "unavailable",
  504: "unavailable",
  507: "no-space",
};

/** Guess the code of an answer that says nothing but its status, such as a proxy's. */
export function codeOfStatus(status: number): FailureCode {
  return codeOf[status] ?? (status >= 400 && status < 500 ? "invalid" : "internal");
}

/** Tell of a failure on the wire; what is not a TransferError stays secret. */
export function toWireError(error: unknown): WireError {
  if (!isTransferError(error)) return { code: "internal", message: "Cannot answer: internal error", retryable: true };
  return { code: error.code, message: error.message, retryable: error.retryable };
}

/** Make the error that a wire told of. */
export function fromWireError(wire: WireError, retryAfterMs?: number): TransferError {
  return new TransferError(wire.code, wire.message, { retryAfterMs });
}
