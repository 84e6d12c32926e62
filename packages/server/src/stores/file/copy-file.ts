import { randomUUID } from "node:crypto";
import { constants } from "node:fs";
import { copyFile, mkdir, open, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type Abortable, MiB, type StoredFile, TransferError } from "@naru/core";
import { type Arrivals, arrive } from "./file-arrival.ts";
import { systemCode } from "./file-error.ts";
import type { FileState } from "./file-facts.ts";

const chunkSize = 4 * MiB;

export interface FoundFile {
  readonly place: string;
  readonly state: FileState;
  readonly file: StoredFile;
}

/**
 * Copy a file to another path, whole or not at all. Where the disk can, the copy shares its bytes with the file until one of
 * them changes.
 *
 * @throws {TransferError} `conflict` when the file changes meanwhile
 */
export async function copyStored(
  arrivals: Arrivals,
  { file, place, state }: FoundFile,
  to: string,
  { signal }: Abortable,
): Promise<StoredFile> {
  // What a crash leaves of it is removed as what uploads leave.
  const aside = arrivals.root.hidden("uploads", `${randomUUID()}.whole`);
  await mkdir(dirname(aside), { recursive: true });
  try {
    const { durable } = arrivals;
    await copyBytes(place, aside, { durable, size: Number(state.size), signal });
    const now = await stat(place, { bigint: true });
    if (now.size !== state.size || now.mtimeNs !== state.mtimeNs) {
      throw new TransferError("conflict", `Cannot copy "${file.path}": it has changed meanwhile`);
    }
    const { crc64, etag, modified, type } = file;
    return await arrive(arrivals, aside, { path: to, modified }, { etag, type, crc64 });
  } finally {
    await rm(aside, { force: true });
  }
}

interface BytesOptions extends Abortable {
  readonly size: number;
  readonly durable: boolean;
}

async function copyBytes(from: string, to: string, { durable, signal, size }: BytesOptions): Promise<void> {
  const isShared = await copyFile(from, to, constants.COPYFILE_FICLONE_FORCE).then(
    () => true,
    (error: unknown) => {
      if (systemCode(error) === "ENOENT" || systemCode(error) === "ENOSPC") throw error;
      return false;
    },
  );
  await using target = await open(to, isShared ? "r+" : "w");
  if (!isShared) {
    await using source = await open(from, "r");
    // One byte more, so that a small file is read in one go.
    const length = Math.min(chunkSize, size + 1);
    const buffer = new Uint8Array(length);
    for (;;) {
      signal?.throwIfAborted();
      const { bytesRead } = await source.read(buffer, 0, length);
      if (bytesRead === 0) break;
      for (let at = 0; at < bytesRead; ) at += (await target.write(buffer, at, bytesRead - at)).bytesWritten;
    }
  }
  if (durable) await target.sync();
}
