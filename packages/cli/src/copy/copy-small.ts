/** Copies small files: within the service in one call, or read and written in one request each. */

import { systemClock } from "@naru/client";
import { type Abortable, batchPolicy, isTransferError, retrying, type StoredFile, TransferError } from "@naru/core";
import type { FileCopier } from "@naru/server";
import { escaped } from "../terminal-text.ts";
import { isMd5 } from "./copy-comparison.ts";
import type { CopyContext } from "./copy-context.ts";
import type { CopyJob } from "./copy-job.ts";
import { readSmall, type SmallFile } from "./small-file.ts";

/** Make a call again while the way there fails. */
export function again<T>(signal: AbortSignal, call: (options: Abortable) => Promise<T>): Promise<T> {
  const wait = (ms: number, _: unknown, how: Abortable): Promise<void> => systemClock.sleep(ms, how);
  return retrying(call, batchPolicy, { signal, random: Math.random, wait });
}

/** Let the service copy a file; `false` when it cannot copy this one. @throws {TransferError} `file-changed` */
export async function copyWithin(context: CopyContext, copier: FileCopier, job: CopyJob): Promise<boolean> {
  const { signal } = context;
  const { file, path, there: replaces } = job;
  try {
    await again(signal, (how) => copier.copy(file, path, { ...how, replaces }));
    return true;
  } catch (error) {
    if (isTransferError(error) && error.code === "unsupported") return false;
    throw error;
  }
}

/** Read a file and write it; gives its CRC-64. @throws {TransferError} `file-changed`; `checksum-mismatch` */
export async function copySmall(context: CopyContext, { file, path }: CopyJob): Promise<string> {
  const { to, budget, signal } = context;
  const giveBack = await budget.take(file.size, { signal });
  try {
    return await again(signal, async (how) => {
      const small = await readSmall(context, file);
      const { body, digest } = small;
      const { type, modified } = small.file;
      const spec = { path, size: file.size, type, modified };
      const stored = await to.store.putFile?.(spec, body, { ...how, digest });
      if (stored !== undefined) checkSmall(small, stored);
      return digest.crc64;
    });
  } finally {
    giveBack();
  }
}

/** @throws {TransferError} `checksum-mismatch` when the target says that it has other bytes */
export function checkSmall({ digest, file }: Pick<SmallFile, "digest" | "file">, stored: StoredFile): void {
  const isOther = stored.size !== file.size || (stored.crc64 !== undefined && stored.crc64 !== digest.crc64);
  if (!isOther && (!isMd5(stored.etag) || stored.crc64 !== undefined || stored.etag === digest.md5)) return;
  throw new TransferError("checksum-mismatch", `Cannot copy "${escaped(file.path)}": the target has other bytes`);
}
