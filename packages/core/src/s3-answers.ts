/**
 * What a refusal of an object store means, whichever route it comes by. S3's errors are XML with a `<Code>`, and those of Azure,
 * too; an answer to HEAD has none, and a proxy in between writes what it likes.
 *
 * @module
 */

import { azureCodes } from "./azure-codes.ts";
import type { FailureCode } from "./errors.ts";

/** What a store said when it refused. */
export interface S3Refusal {
  readonly status: number;
  /** Such as `"NoSuchUpload"`; empty when it gave none. */
  readonly code: string;
  readonly text: string;
}

const byCode: Readonly<Record<string, FailureCode>> = {
  ...azureCodes,
  AccessDenied: "forbidden",
  BadDigest: "checksum-mismatch",
  EntityTooLarge: "too-large",
  EntityTooSmall: "invalid",
  ExpiredToken: "expired",
  IncompleteBody: "short-body",
  InvalidDigest: "checksum-mismatch",
  InvalidPart: "incomplete",
  InvalidPartOrder: "incomplete",
  KeyTooLongError: "invalid",
  NoSuchBucket: "not-found",
  NoSuchKey: "not-found",
  NoSuchUpload: "not-found",
  NotFound: "not-found",
  NotImplemented: "unsupported",
  PreconditionFailed: "conflict",
  QuotaExceeded: "no-space",
  // A body that came too slowly: the same one may come faster.
  RequestTimeout: "unavailable",
  RequestTimeTooSkewed: "expired",
  SlowDown: "throttled",
  TooManyRequests: "throttled",
  XAmzContentChecksumMismatch: "checksum-mismatch",
  XAmzContentSHA256Mismatch: "checksum-mismatch",
};

const byStatus: Readonly<Record<number, FailureCode>> = {
  401: "forbidden",
  403: "forbidden",
  404: "not-found",
  405: "unsupported",
  408: "unavailable",
  409: "conflict",
  412: "conflict",
  413: "too-large",
  429: "throttled",
  501: "unsupported",
  503: "throttled",
  507: "no-space",
};

/** Tell what a refusal means. */
export function failureOfS3({ status, code, text }: S3Refusal): FailureCode {
  // Azure's words for what is too late or too early.
  if (status === 403 && /expired|not valid in the specified time frame/i.test(text)) return "expired";
  const told = byCode[code] ?? byStatus[status];
  if (told !== undefined) return told;
  if (status >= 500) return "unavailable";
  return status >= 400 ? "invalid" : "internal";
}

/** Read the code in the XML of a refusal; empty if there is none. */
export function s3CodeIn(text: string): string {
  return /<Code>([\w.]+)<\/Code>/.exec(text)?.[1] ?? "";
}
