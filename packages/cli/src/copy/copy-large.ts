/** Copies one large file by parts, continuing what an earlier run left. */

import { systemClock } from "@naru/client";
import { isTransferError, MiB, type StoredFile, Transfer, TransferError, wrapStore } from "@naru/core";
import type { FileCopier } from "@naru/server";
import { escaped } from "../terminal-text.ts";
import { sameContent, whenChanged } from "./copy-comparison.ts";
import type { CopyContext } from "./copy-context.ts";
import type { CopyJob } from "./copy-job.ts";
import { copyJournal } from "./copy-journal.ts";
import { copySource } from "./copy-source.ts";
import { otherBytes, SentParts } from "./sent-parts.ts";

/** What the service copies by itself, in bytes: a call each, and what a kill costs. */
const partWithin = 64 * MiB;

export interface CopiedLarge {
  readonly bytesSent: number;
  readonly parts: number;
  readonly partsSkipped: number;
  readonly checksum: string | undefined;
}

/** Copy it. @throws {TransferError} `file-changed`: then nothing appears at the target; `checksum-mismatch` */
export async function copyLarge(
  context: CopyContext,
  job: CopyJob,
  copier: FileCopier | undefined,
): Promise<CopiedLarge> {
  const { from, to, progress, signal, stateFolder, partsAtOnce } = context;
  const { path } = job;
  const file = await currentFile(context, job.file);
  const journal = copyJournal(stateFolder, { from: from.name, to: to.name });
  const parts = new SentParts(context, { job, file, journal });
  const resume = await parts.resume();
  using bar = progress.file(path, file.size);
  const { size, type, modified } = file;
  const spec = { path, size, type, modified, partSize: copier === undefined ? undefined : partWithin };
  const store = wrapStore(to.store, { upload: (inner) => parts.around(inner, copier) });
  const transfer = new Transfer(copySource(context, file), store, spec, {
    clock: systemClock,
    random: Math.random,
    maxConcurrency: partsAtOnce,
    resume,
    onUpload: (upload) => parts.begin(upload),
    onProgress: ({ confirmed, speed, secondsLeft, bytesSent: sent }) =>
      bar.update(confirmed, { speed, secondsLeft, sent }),
    onRestart: () => progress.say(`${escaped(path)}: its unfinished upload is gone; copying all of it`),
  });
  const copied = await transfer.run({ signal }).catch(async (error: unknown) => {
    // Nothing is left of a file that is no longer there.
    if (isTransferError(error) && ["file-changed", "checksum-mismatch"].includes(error.code)) {
      await transfer.cancel().catch(() => undefined);
      await journal.forget(path);
    }
    throw error;
  });
  await journal.forget(path);
  if (sameContent({ ...file, etag: "" }, { ...copied, etag: "" }) === false) throw otherBytes(path);
  const { bytesSent, parts: count, partsSkipped } = transfer.progress;
  const sent = copier === undefined ? bytesSent : 0;
  return { bytesSent: sent, parts: count, partsSkipped, checksum: parts.crc64() ?? copied.crc64 };
}

/** The file as it is now: a listing need not tell the type, nor when it was changed. */
async function currentFile({ from, signal }: CopyContext, listed: StoredFile): Promise<StoredFile> {
  const now = await from.store.stat(listed.path, { signal });
  if (now?.etag === listed.etag && now.size === listed.size) return { ...now, path: listed.path };
  throw whenChanged(new TransferError("conflict", `"${from.name}" has another file there`), listed.path);
}
