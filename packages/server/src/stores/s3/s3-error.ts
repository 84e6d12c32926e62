import { failureOfS3, isTransferError, type S3Refusal, TransferError } from "@naru/core";

/** Turn a refusal into an error that says what could not be done. */
export function refused(doing: string, refusal: S3Refusal, cause?: unknown): TransferError {
  const said = refusal.code === "" ? `${refusal.status}` : `${refusal.status} ${refusal.code}`;
  return new TransferError(failureOfS3(refusal), `Cannot ${doing}: the store answers ${said}`, { cause });
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
function refusalOf(error: unknown): S3Refusal | undefined {
  if (!(error instanceof Error) || !("$metadata" in error)) return undefined;
  const metadata = error.$metadata;
  const known = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
  if (!known || typeof metadata.httpStatusCode !== "number") return undefined;
  return { status: metadata.httpStatusCode, code: error.name, text: error.message };
}

function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (error.name === "TimeoutError" || error.name === "AbortError") return true;
  return "code" in error || error instanceof AggregateError;
}
