/** Copies small files to a running Naru, many in a request: whole or not at all, each by itself. */

import { type BatchFile, fromWireError, isTransferError, maxBatchUploads, toStoredFile } from "@naru/core";
import { JobPool } from "../sync/job-pool.ts";
import type { CopyContext } from "./copy-context.ts";
import type { NaruServer } from "./copy-end.ts";
import type { CopyJob } from "./copy-job.ts";
import { again, checkSmall } from "./copy-small.ts";
import { readSmall, type SmallFile } from "./small-file.ts";

const readsAtOnce = 8;

export interface BatchReports {
  readonly done: (job: CopyJob, crc64: string) => Promise<void>;
  readonly failed: (job: CopyJob, error: unknown) => void;
  /** The server takes no request of so many bytes: this one goes by parts. */
  readonly tooLarge: (job: CopyJob) => Promise<void>;
}

/** Whether a file that comes to a batch of so many fits into it. */
export function fitsInto(batch: readonly CopyJob[], { file }: CopyJob, { batchBytes }: CopyContext): boolean {
  const bytes = batch.reduce((sum, job) => sum + job.file.size, 0);
  return batch.length === 0 || (batch.length < maxBatchUploads && bytes + file.size <= batchBytes);
}

/** Copy one batch. */
export async function copyBatch(
  context: CopyContext,
  { api }: NaruServer,
  jobs: readonly CopyJob[],
  { done, failed, tooLarge }: BatchReports,
): Promise<void> {
  const { budget, signal } = context;
  const giveBack = await budget.take(
    jobs.reduce((sum, { file }) => sum + file.size, 0),
    { signal },
  );
  try {
    const read = await readAll(context, jobs, failed);
    if (read.length === 0) return;
    const entries = read.map(([job, small]) => entryOf(job, small));
    const bodies = read.map(([, { body }]) => body);
    const results = await again(signal, (how) => api.sendBatch(entries, bodies, how));
    for (const [index, [job, small]] of read.entries()) {
      const result = results[index];
      if (result === undefined) continue;
      try {
        if ("error" in result) throw fromWireError(result.error);
        checkSmall(small, toStoredFile(result.file));
        await done(job, small.digest.crc64);
      } catch (error) {
        failed(job, error);
      }
    }
  } catch (error) {
    const isTooLarge = isTransferError(error) && error.code === "proxy-limit";
    for (const job of jobs) await (isTooLarge ? tooLarge(job) : failed(job, error));
  } finally {
    giveBack();
  }
}

async function readAll(
  context: CopyContext,
  jobs: readonly CopyJob[],
  failed: BatchReports["failed"],
): Promise<readonly (readonly [CopyJob, SmallFile])[]> {
  const read = new Map<CopyJob, SmallFile>();
  const pool = new JobPool(readsAtOnce);
  for (const job of jobs) {
    await pool.add(async () => {
      try {
        read.set(job, await again(context.signal, () => readSmall(context, job.file)));
      } catch (error) {
        failed(job, error);
      }
    });
  }
  await pool.idle();
  return [...read];
}

function entryOf({ path }: CopyJob, { file, digest }: SmallFile): BatchFile {
  const { size, type, modified } = file;
  return { path, size, type, modified: modified.toISOString(), conflict: "overwrite", ...digest };
}
