/** Whether a file has to be copied, by what is known of it at both ends. */

import { isTransferError, type StoredFile, TransferError } from "@naru/core";
import type { Difference, DifferencesOptions } from "../sync/differences.ts";
import { isSameTime } from "../sync/same-file.ts";
import { escaped } from "../terminal-text.ts";
import { type CopyEnd, storedOf } from "./copy-end.ts";

/** What happens to a file that both ends have with different content. */
export type CopyConflict = "newer" | "overwrite" | "fail";

export interface CopyComparisonOptions {
  readonly from: CopyEnd;
  readonly to: CopyEnd;
  readonly conflict: CopyConflict;
  readonly signal: AbortSignal;
}

/**
 * Make the comparison of a copy. Checksums and etags decide where both ends tell one that compares; else size and time. Of
 * two files that differ the newer one stays, unless `conflict` says otherwise.
 */
export function copyComparison({ from, to, conflict, signal }: CopyComparisonOptions): DifferencesOptions["differs"] {
  return async (sourceFile, targetFile, { to: path }) => {
    const [source, target] = [storedOf(sourceFile), storedOf(targetFile)];
    const isSame = sameContent(source, target);
    if (isSame ?? isSameTime(sourceFile.modifiedMs, targetFile.modifiedMs)) return false;
    if (isSame === false && conflict === "overwrite") return true;
    // A listing may tell when a store got a file, and not when that was changed.
    const [one, other] = await Promise.all([
      from.store.stat(source.path, { signal }),
      to.store.stat(target.path, { signal }),
    ]);
    if (one === undefined || other === undefined) return true;
    const [oneMs, otherMs] = [one.modified.getTime(), other.modified.getTime()];
    const isKnown = sameContent(one, other) ?? (isSameTime(oneMs, otherMs) || undefined);
    if (isKnown === true) return false;
    const isOlder = oneMs < otherMs && !isSameTime(oneMs, otherMs);
    // Of the same size, and written there after it was last changed here: that was this copy, or `aws s3 sync` before it.
    if (isKnown === undefined && isOlder && conflict !== "overwrite") return false;
    if (conflict === "newer" && isOlder) return newer(path, other);
    return conflict === "fail" ? different(path) : true;
  };
}

/** Whether two files are the same by their checksums and etags; `undefined` when these do not compare. */
export function sameContent(one: StoredFile, other: StoredFile): boolean | undefined {
  if (one.size !== other.size) return false;
  if (one.crc64 !== undefined && other.crc64 !== undefined) return one.crc64 === other.crc64;
  if (isMd5(one.etag) && isMd5(other.etag)) return one.etag === other.etag;
  // Of files of parts an etag depends on how they were cut.
  return one.etag === other.etag && /^[0-9a-f]{32}-\d+$/u.test(one.etag) ? true : undefined;
}

/** Whether an etag looks like an MD5. */
export function isMd5(etag: string): boolean {
  return /^[0-9a-f]{32}$/u.test(etag);
}

function newer(from: string, { modified }: StoredFile): Difference {
  const why = `the one at the target is newer, of ${modified.toISOString()}; --conflict overwrite replaces it`;
  return { kind: "left", from, why };
}

function different(path: string): Difference {
  const why = "there is another file of this name";
  const error = new TransferError("conflict", `Cannot copy "${escaped(path)}": ${why}`);
  return { kind: "failed", error, isUnread: false };
}

/** A failure of reading a file says that it is no longer the one that was listed. */
export function whenChanged(error: unknown, path: string): unknown {
  if (!isTransferError(error) || !["conflict", "not-found"].includes(error.code)) return error;
  const why = "it changed while it was copied";
  return new TransferError("file-changed", `Cannot copy "${path}": ${why}`, { cause: error });
}
