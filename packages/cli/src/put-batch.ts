/** Sends small files many in a request: whole or not at all, each by itself. */

import { openFileSource, systemClock } from "@naru/client/node";
import { type BatchFile, type BatchResult, fromWireError, isTransferError, MiB, maxBatchUploads } from "@naru/core";
import type { LocalFile } from "./local-files.ts";
import type { PutContext, PutResult } from "./put-file.ts";

const batchBytes = 8 * MiB;
const maxRetries = 8;

export interface BatchTold {
  readonly tell: (result: PutResult) => void;
  readonly failed: (path: string, error: unknown) => void;
}

/** Put files together until a request is full. */
export function batchesOf(files: readonly LocalFile[]): readonly (readonly LocalFile[])[] {
  const batches: LocalFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const last = batches.at(-1);
    if (last && bytes + file.size <= batchBytes && last.length < maxBatchUploads) {
      last.push(file);
      bytes += file.size;
    } else {
      batches.push([file]);
      bytes = file.size;
    }
  }
  return batches;
}

interface Read {
  readonly local: LocalFile;
  readonly entry: BatchFile;
  readonly body: Blob;
}

/** Send one batch. */
export async function putBatch(
  context: PutContext,
  files: readonly LocalFile[],
  { tell, failed }: BatchTold,
): Promise<void> {
  const { progress } = context;
  const began = performance.now();
  const read: Read[] = [];
  for (const local of files) {
    try {
      read.push(await readSmall(context, local));
    } catch (error) {
      failed(local.path, error);
    }
  }
  const results = await sendAgain(context, read).catch((error: unknown) => {
    for (const { local } of read) failed(local.path, error);
    return [];
  });
  const seconds = Number(((performance.now() - began) / 1000).toFixed(3));
  let arrived = 0;
  for (const [index, result] of results.entries()) {
    const one = read[index];
    if (one === undefined) continue;
    if ("error" in result) failed(one.local.path, fromWireError(result.error));
    else {
      tell(lineOf(result, one, seconds));
      arrived += 1;
    }
  }
  if (arrived > 0 && !progress.live) progress.say(`${arrived} small files  ${seconds} s  proxy`);
}

function lineOf({ file }: Extract<BatchResult, { file: unknown }>, { entry }: Read, seconds: number): PutResult {
  const { path, size } = file;
  return {
    path,
    size,
    seconds,
    bytesSent: size,
    parts: 1,
    partsSkipped: 0,
    checksum: file.crc64 ?? entry.crc64,
    route: "proxy",
  };
}

async function readSmall({ digester, conflict, signal }: PutContext, local: LocalFile): Promise<Read> {
  await using source = await openFileSource(local.file);
  const body = await new Response(source.slice(0, source.size).stream()).blob();
  const digest = await digester.digest(body, { signal });
  const modified = new Date(source.facts.modifiedMs).toISOString();
  return { local, body, entry: { path: local.path, size: source.size, modified, conflict, ...digest } };
}

/** A batch is sent again while the way there fails; what had arrived is then replaced by itself. */
async function sendAgain({ api, signal }: PutContext, read: readonly Read[]): Promise<readonly BatchResult[]> {
  const entries = read.map(({ entry }) => entry);
  const bodies = read.map(({ body }) => body);
  if (read.length === 0) return [];
  for (let attempt = 0; ; attempt++) {
    try {
      return await api.sendBatch(entries, bodies, { signal });
    } catch (error) {
      if (signal.aborted || !isTransferError(error) || !error.retryable || attempt >= maxRetries) throw error;
      const pause = Math.random() * Math.min(10_000, 500 * 2 ** attempt);
      await systemClock.sleep(Math.max(pause, error.retryAfterMs ?? 0), { signal });
    }
  }
}
