import { TransferError } from "../errors.ts";

/** Make the error of a field that cannot be read. */
export function unreadable(what: string, why: string): TransferError {
  return new TransferError("invalid", `Cannot read "${what}": ${why}`);
}
