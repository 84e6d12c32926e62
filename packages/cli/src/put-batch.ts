/** Sends small files many in a request: whole or not at all, each by itself. */

import { readSmallFiles, systemClock } from "@naru/client/node";
import {
  type BatchFile,
  type BatchResult,
  batchPolicy,
  fromWireError,
  isTransferError,
  retrying,
  toWireError,
  type WireFile,
} from "@naru/core";
import type { LocalFile } from "./local-files.ts";
import type { PutContext } from "./put-context.ts";
import { type PutResult, putFile } from "./put-file.ts";

export interface BatchReports {
  /** Whether some of it may be there already: then what is there is not sent. */
  readonly asksFirst: boolean;
  readonly report: (result: PutResult) => void;
  readonly failed: (path: string, error: unknown) => void;
}

/** Put files together until a request is full, with `most` files of so many `bytes` at most. */
export function batchesOf(
  files: readonly LocalFile[],
  { most, bytes: room }: { readonly most: number; readonly bytes: number },
): readonly (readonly LocalFile[])[] {
  const batches: LocalFile[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const file of files) {
    const last = batches.at(-1);
    if (last && bytes + file.size <= room && last.length < most) {
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
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Send one batch. */
export async function putBatch(
  context: PutContext,
  files: readonly LocalFile[],
  { asksFirst, report, failed }: BatchReports,
): Promise<void> {
  const { progress } = context;
  const began = performance.now();
  const read = await readAll(context, files, failed);
  const known: ReadonlyMap<Read, WireFile> = asksFirst ? await knownOf(context, read) : new Map();
  const missing = read.filter((one) => !known.has(one));
  const results = await sendHalved(context, missing).catch((error: unknown) => {
    for (const { local } of missing) failed(local.path, error);
    return [];
  });
  const seconds = Number(((performance.now() - began) / 1000).toFixed(3));
  for (const [one, file] of known) report({ ...lineOf({ file }, one, seconds), bytesSent: 0 });
  let arrived = 0;
  for (const [index, result] of results.entries()) {
    const one = missing[index];
    if (one === undefined) continue;
    if ("error" in result) {
      // What no proxy lets through together with a manifest may fit by itself, in parts.
      if (result.error.code === "proxy-limit")
        await putFile(context, one.local).then(report, (error) => failed(one.local.path, error));
      else failed(one.local.path, fromWireError(result.error));
      continue;
    }
    report({ ...lineOf(result, one, seconds), ...(result.same ? { bytesSent: 0 } : {}) });
    arrived += 1;
  }
  if (arrived > 0 && !progress.live) progress.say(`${arrived} small files  ${seconds} s  proxy`);
  if (known.size > 0) progress.say(`${known.size} small files were there already with the same bytes`);
}

function lineOf({ file }: { readonly file: WireFile }, { entry }: Read, seconds: number): PutResult {
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

/** Read files as they are now; what cannot be read has failed. */
async function readAll(
  { conflict, signal }: PutContext,
  files: readonly LocalFile[],
  failed: BatchReports["failed"],
): Promise<readonly Read[]> {
  const room = files.reduce((sum, { size }) => sum + size, 0);
  const task = { files: files.map(({ file }) => file), room };
  const { bytes, files: found } = await readSmallFiles(task, { signal }).catch((error: unknown) => {
    for (const { path } of files) failed(path, error);
    return { bytes: new Uint8Array(0), files: [] };
  });
  return files.flatMap((local, index) => {
    const one = found[index];
    if (one === undefined) return [];
    if ("error" in one) {
      failed(local.path, one.error);
      return [];
    }
    const { start, end, modifiedMs, md5, crc64 } = one;
    const modified = new Date(modifiedMs).toISOString();
    const entry = { path: local.path, size: end - start, modified, conflict, md5, crc64 };
    return [{ local, entry, body: bytes.subarray(start, end) }];
  });
}

/** Whether any of these files may be there already: only if something is in the folder that all of them go to. */
export async function mayBeThere({ api, conflict, signal }: PutContext, files: readonly LocalFile[]): Promise<boolean> {
  if (files.length === 0 || conflict === "fail") return false;
  const prefix = folderOfAll(files.map(({ path }) => path));
  const page = await api.list({ prefix, limit: 1, signal }).catch((error: unknown) => {
    if (isTransferError(error)) return undefined;
    throw error;
  });
  return page === undefined || page.files.length > 0 || page.cursor !== undefined;
}

function folderOfAll([first = "", ...others]: readonly string[]): string {
  let folder = first.slice(0, first.lastIndexOf("/") + 1);
  for (const path of others) {
    while (!path.startsWith(folder)) folder = folder.slice(0, folder.lastIndexOf("/", folder.length - 2) + 1);
  }
  return folder;
}

/**
 * What is there already and need not be sent: with the same bytes, which a checksum proves, and, if it would be replaced,
 * with the same date.
 */
async function knownOf({ api, conflict, signal }: PutContext, read: readonly Read[]): Promise<Map<Read, WireFile>> {
  const known = new Map<Read, WireFile>();
  if (read.length === 0) return known;
  const entries = read.map(({ entry }) => entry);
  const results = await api.known(entries, { signal }).catch((error: unknown) => {
    // An older server; and what fails here fails again, or not, when it is sent.
    if (isTransferError(error)) return [];
    throw error;
  });
  for (const [index, one] of read.entries()) {
    const file = results[index]?.file;
    if (file && (conflict === "rename" || isSameSecond(file.modified, one.entry.modified))) known.set(one, file);
  }
  return known;
}

/** Stores keep dates to the second at least. */
function isSameSecond(one: string, other: string | undefined): boolean {
  return other !== undefined && Math.trunc(Date.parse(one) / 1000) === Math.trunc(Date.parse(other) / 1000);
}

/** What a proxy does not let through in one request is sent in two. */
async function sendHalved(context: PutContext, read: readonly Read[]): Promise<readonly BatchResult[]> {
  try {
    return await sendAgain(context, read);
  } catch (error) {
    if (!isTransferError(error) || error.code !== "proxy-limit") throw error;
    if (read.length < 2) return [{ error: toWireError(error) }];
    const half = Math.ceil(read.length / 2);
    return [...(await sendHalved(context, read.slice(0, half))), ...(await sendHalved(context, read.slice(half)))];
  }
}

/** A batch is sent again while the way there fails; what had arrived is then replaced by itself. */
async function sendAgain({ api, signal }: PutContext, read: readonly Read[]): Promise<readonly BatchResult[]> {
  const entries = read.map(({ entry }) => entry);
  const bodies = read.map(({ body }) => body);
  if (read.length === 0) return [];
  return retrying((how) => api.sendBatch(entries, bodies, how), batchPolicy, {
    signal,
    random: Math.random,
    wait: (ms, _, how) => systemClock.sleep(ms, how),
  });
}
