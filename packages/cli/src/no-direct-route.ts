import { TransferError } from "@naru/core";

/** Make the error of `--route direct` where bytes go through the server only. */
export function noDirectRoute(doing: string, options: ErrorOptions = {}): TransferError {
  const why = "the server's store has no direct route; leave --route out, and the bytes go through the server";
  return new TransferError("unsupported", `Cannot ${doing} by --route direct: ${why}`, options);
}
