/** Small files: one request each, where parallel ranges and a journal would cost more than the bytes. */

import { open, rename, rm } from "node:fs/promises";
import {
  type Abortable,
  type Clock,
  Crc64,
  isTransferError,
  linked,
  MiB,
  type StoredFile,
  silenceMs,
  TransferError,
} from "@naru/core";
import { filePath, type NaruApi } from "../api.ts";
import { authHeaders } from "../api-call.ts";
import { systemClock } from "../clock.ts";
import type { Network } from "./network.ts";

/** Files up to this size, in bytes, are small. */
export const smallDownloadSize: number = MiB;

export interface SmallDownloadOptions extends Abortable {
  readonly api: NaruApi;
  readonly network: Network;
  /** What a listing says of it. */
  readonly file: StoredFile;
  /** The file on this disk; it is replaced when the download is whole. */
  readonly to: string;
  readonly clock?: Clock | undefined;
}

interface Whole {
  readonly chunks: readonly Uint8Array[];
  readonly crc64: string;
}

/**
 * Read a small file through the server to `to`, verified and durable before it has its name. `undefined` means that one
 * request was not enough: `downloadFile` is for what changed, is cut off, stops moving, or has no checksum to compare.
 */
export async function downloadSmall(options: SmallDownloadOptions): Promise<{ readonly crc64: string } | undefined> {
  const { file, to, signal } = options;
  if (file.size > smallDownloadSize || file.crc64 === undefined) return undefined;
  try {
    const { chunks, crc64 } = await readWhileItMoves(options);
    if (crc64 !== file.crc64) return undefined;
    await writeWhole(to, chunks);
    return { crc64 };
  } catch (error) {
    if (signal?.aborted || !isTransferError(error) || error.code === "not-found") throw error;
    return undefined;
  }
}

/** A server that stops in the middle of an answer would hold a download for ever. */
async function readWhileItMoves(options: SmallDownloadOptions): Promise<Whole> {
  const { file, clock = systemClock } = options;
  using life = linked(options);
  let moved = clock.now();
  const watch = async (): Promise<void> => {
    for (let left = silenceMs; left > 0; left = moved + silenceMs - clock.now()) await clock.sleep(left, life);
    life.abort(new TransferError("unreachable", `Cannot read "${file.path}": no data has moved`));
  };
  const onMoved = (): void => {
    moved = clock.now();
  };
  // It fails when the reading has ended.
  watch().catch(() => undefined);
  try {
    return await readAll({ ...options, signal: life.signal }, onMoved);
  } finally {
    life.abort();
  }
}

async function readAll(options: SmallDownloadOptions, onMoved: () => void): Promise<Whole> {
  const { api, network, file, signal } = options;
  const url = `${api.origin}${filePath(file.path)}`;
  const headers = { ...authHeaders(api.auth), "if-match": `"${file.etag}"` };
  const answer = await network.get(url, headers, { signal });
  if (answer.status !== 200) {
    answer.discard();
    const code = answer.status === 404 ? "not-found" : "unavailable";
    throw new TransferError(code, `Cannot read "${file.path}": the server answered ${answer.status}`);
  }
  const chunks: Uint8Array[] = [];
  const crc = new Crc64();
  let size = 0;
  for await (const chunk of answer.body) {
    onMoved();
    size += chunk.length;
    if (size > file.size) break;
    chunks.push(chunk);
    crc.update(chunk);
  }
  if (size !== file.size) throw new TransferError("short-body", `Cannot read "${file.path}": it has another size`);
  return { chunks, crc64: crc.hex() };
}

/** Beside its name until it is whole. @throws {TransferError} `conflict` when another download has begun there */
async function writeWhole(to: string, chunks: readonly Uint8Array[]): Promise<void> {
  const draft = `${to}.naru-part`;
  const handle = await open(draft, "wx").catch((cause: NodeJS.ErrnoException) => {
    if (cause.code !== "EEXIST") throw cause;
    throw new TransferError("conflict", `Cannot write "${to}": there is an unfinished download of it`, { cause });
  });
  try {
    await handle.writeFile(Buffer.concat(chunks));
    await handle.datasync();
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  } finally {
    await handle.close();
  }
  await rename(draft, to);
}
