/** Small files: one request each, where parallel ranges and a journal would cost more than the bytes. */

import { open, rename, rm } from "node:fs/promises";
import { type Abortable, Crc64, isTransferError, MiB, type StoredFile, TransferError } from "@naru/core";
import { filePath, type NaruApi } from "../api.ts";
import { authHeaders } from "../api-call.ts";
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
}

/**
 * Read a small file through the server to `to`, verified and durable before it has its name. `undefined` means that one
 * request was not enough: `downloadFile` is for what changed, is cut off, or has no checksum to compare.
 */
export async function downloadSmall(options: SmallDownloadOptions): Promise<{ readonly crc64: string } | undefined> {
  const { file, to, signal } = options;
  if (file.size > smallDownloadSize || file.crc64 === undefined) return undefined;
  try {
    const { chunks, crc64 } = await readAll(options);
    if (crc64 !== file.crc64) return undefined;
    await writeWhole(to, chunks);
    return { crc64 };
  } catch (error) {
    if (signal?.aborted || !isTransferError(error) || error.code === "not-found") throw error;
    return undefined;
  }
}

async function readAll(
  options: SmallDownloadOptions,
): Promise<{ readonly chunks: readonly Uint8Array[]; readonly crc64: string }> {
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
