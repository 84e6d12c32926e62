/** Small files read whole, one after another, with their digests: through the pool of threads each would take many times as long. */

import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { setImmediate } from "node:timers/promises";
import { type Abortable, crc64, isTransferError, type PartDigest, TransferError } from "@naru/core";
import { changed, openFailure } from "./file-source.ts";

/** Where a file's bytes are in what was read, and what they are. */
export interface FoundSmall extends PartDigest {
  readonly start: number;
  readonly end: number;
  readonly modifiedMs: number;
}

/** Files in one piece of memory; what could not be read has its error in its place. */
export interface SmallFiles {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly files: readonly (FoundSmall | { readonly error: TransferError })[];
}

/** What is to be read; `room` is how many bytes are expected in all. */
export interface SmallTask {
  readonly files: readonly string[];
  readonly room: number;
}

/** So long nothing else gets its turn: answers to other batches come in, and people interrupt. */
const turnMs = 8;

/** Read files in order. One that changes while it is read is refused, and does not stop the others. */
export async function readSmallFiles({ files, room }: SmallTask, { signal }: Abortable = {}): Promise<SmallFiles> {
  let bytes = new Uint8Array(room);
  let filled = 0;
  /** The next `size` bytes: a file may have grown since it was found. */
  const take = (size: number): Uint8Array<ArrayBuffer> => {
    if (filled + size > bytes.length) {
      const larger = new Uint8Array(Math.max(filled + size, 2 * bytes.length));
      larger.set(bytes.subarray(0, filled));
      bytes = larger;
    }
    return bytes.subarray(filled, filled + size);
  };
  const read = (file: string): SmallFiles["files"][number] => {
    try {
      const { content, modifiedMs } = readWhole(file, take);
      const start = filled;
      filled += content.length;
      const md5 = createHash("md5").update(content).digest("hex");
      return { start, end: filled, modifiedMs, md5, crc64: crc64(content) };
    } catch (error) {
      return { error: isTransferError(error) ? error : unreadable(file, error) };
    }
  };
  const found: SmallFiles["files"][number][] = [];
  let began = performance.now();
  for (const file of files) {
    found.push(read(file));
    if (performance.now() - began < turnMs) continue;
    await setImmediate();
    signal?.throwIfAborted();
    began = performance.now();
  }
  return { bytes, files: found };
}

function readWhole(
  file: string,
  take: (size: number) => Uint8Array<ArrayBuffer>,
): { readonly content: Uint8Array<ArrayBuffer>; readonly modifiedMs: number } {
  const fd = opened(file);
  try {
    const before = fstatSync(fd);
    if (!before.isFile()) throw new TransferError("invalid", `Cannot send "${file}": it is not a regular file`);
    const content = take(before.size);
    for (let position = 0; position < content.length; ) {
      const count = readSync(fd, content, position, content.length - position, position);
      if (count === 0) throw changed(file, "it became shorter");
      position += count;
    }
    const after = fstatSync(fd);
    if (after.size !== before.size) throw changed(file, `it had ${before.size} bytes and now has ${after.size}`);
    if (after.mtimeMs !== before.mtimeMs) throw changed(file, "it was written to meanwhile");
    return { content, modifiedMs: Math.trunc(before.mtimeMs) };
  } finally {
    closeSync(fd);
  }
}

function opened(file: string): number {
  try {
    return openSync(file, "r");
  } catch (cause) {
    throw openFailure(file, cause);
  }
}

function unreadable(file: string, cause: unknown): TransferError {
  const why = cause instanceof Error ? cause.message : "it failed";
  return new TransferError("invalid", `Cannot read "${file}": ${why}`, { cause });
}
