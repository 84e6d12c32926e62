import { type FailureCode, isTransferError, TransferError } from "@naru/core";

/** What a store said when it refused. */
export interface Refusal {
  readonly status: number;
  /** Such as `"NoSuchUpload"`; empty when it gave none. */
  readonly name: string;
  readonly text: string;
}

const byName: Readonly<Record<string, FailureCode>> = {
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
  RequestTimeout: "short-body",
  RequestTimeTooSkewed: "expired",
  SlowDown: "throttled",
  TooManyRequests: "throttled",
  XAmzContentSHA256Mismatch: "checksum-mismatch",
};

const byStatus: Readonly<Record<number, FailureCode>> = {
  400: "invalid",
  401: "forbidden",
  403: "forbidden",
  404: "not-found",
  405: "unsupported",
  409: "conflict",
  412: "conflict",
  413: "too-large",
  416: "invalid",
  429: "throttled",
  501: "unsupported",
  503: "throttled",
  507: "no-space",
};

/** What a refusal means. */
export function refusalCode({ status, name, text }: Refusal): FailureCode {
  if (status === 403 && /expired/i.test(text)) return "expired";
  return byName[name] ?? byStatus[status] ?? (status >= 500 ? "unavailable" : "internal");
}

/** Turn a refusal into an error that says what could not be done. */
export function refused(doing: string, refusal: Refusal, cause?: unknown): TransferError {
  const said = refusal.name === "" ? `${refusal.status}` : `${refusal.status} ${refusal.name}`;
  return new TransferError(refusalCode(refusal), `Cannot ${doing}: the store answers ${said}`, { cause });
}

/** Turn what a client library threw into a TransferError; an aborted call throws its signal's reason. */
export function failed(doing: string, cause: unknown, signal?: AbortSignal): unknown {
  if (signal?.aborted) return signal.reason;
  if (isTransferError(cause)) return cause;
  const refusal = refusalOf(cause);
  if (refusal !== undefined) return refused(doing, refusal, cause);
  if (!isNetworkError(cause)) return new TransferError("internal", `Cannot ${doing}: internal error`, { cause });
  return new TransferError("unreachable", `Cannot ${doing}: the store does not answer`, { cause });
}

/** Read the refusal in an error of the AWS SDK. */
function refusalOf(error: unknown): Refusal | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  const known = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
  if (!known || typeof metadata.httpStatusCode !== "number") return undefined;
  return { status: metadata.httpStatusCode, name: error.name, text: error.message };
}

function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError" || error.name === "AbortError") return true;
  return "code" in error || error instanceof AggregateError;
}
