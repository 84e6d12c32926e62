/**
 * Why a call failed, in words that a program can act on. `proxy-limit` is what a client makes of a 413 that is not the
 * server's: something between them takes no request of this size.
 */
export type FailureCode =
  | "invalid"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "incomplete"
  | "superseded"
  | "short-body"
  | "long-body"
  | "too-large"
  | "proxy-limit"
  | "checksum-mismatch"
  | "file-changed"
  | "expired"
  | "throttled"
  | "unavailable"
  | "unreachable"
  | "no-space"
  | "unsupported"
  | "internal";

/** Whether the same call may succeed if it is made again, unchanged. */
const retryable: Readonly<Record<FailureCode, boolean>> = {
  invalid: false,
  unauthenticated: false,
  forbidden: false,
  "not-found": false,
  conflict: false,
  incomplete: false,
  superseded: false,
  "short-body": true,
  "long-body": false,
  "too-large": false,
  "proxy-limit": false,
  "checksum-mismatch": true,
  "file-changed": false,
  expired: true,
  throttled: true,
  unavailable: true,
  unreachable: true,
  "no-space": false,
  unsupported: false,
  internal: true,
};

/** What an error says beyond its code and message. */
export interface TransferErrorOptions extends ErrorOptions {
  /** How long the far side asks us to wait, from `Retry-After`. */
  readonly retryAfterMs?: number | undefined;
}

/** The only error that crosses a package boundary. */
export class TransferError extends Error {
  override readonly name = "TransferError";
  readonly code: FailureCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: FailureCode, message: string, options: TransferErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }

  /** Whether the same call may succeed if it is made again. */
  get retryable(): boolean {
    return retryable[this.code];
  }
}

/** Every failure code. */
// The record's type is what its keys are.
export const failureCodes: readonly FailureCode[] = Object.keys(retryable) as FailureCode[];

/** Tell whether `value` is a failure code, for decoders of errors that come over a wire. */
export function isFailureCode(value: unknown): value is FailureCode {
  return typeof value === "string" && Object.hasOwn(retryable, value);
}

/** Tell whether `error` is a TransferError, also when it comes from another copy of this module. */
export function isTransferError(error: unknown): error is TransferError {
  return error instanceof Error && error.name === "TransferError" && "code" in error && isFailureCode(error.code);
}
