/**
 * Many requests on their way at once: what makes SFTP fast over distance.
 *
 * @module
 */

import { type Abortable, orAborted, TransferError } from "@naru/core";
import type { WriteOptions } from "./growing-remote.ts";
import type { Handle, SftpClient } from "./sftp-client.ts";

/** Requests on their way at most: 64 x 255 KiB is all that an OpenSSH channel holds. */
export const mostWrites: number = 64;
const mostReads = 16;

/** An open file. */
export interface OpenFile {
  readonly client: SftpClient;
  readonly handle: Handle;
  /** Names it in messages. */
  readonly path: string;
}

/** Write chunks from `offset` on in blocks as large as the server takes; how many bytes, when it has taken all of them. */
export async function writeAll(
  file: OpenFile,
  offset: number,
  chunks: AsyncIterable<Uint8Array>,
  { signal, onProgress, atOnce = mostWrites }: WriteOptions & { readonly atOnce?: number | undefined },
): Promise<number> {
  const doing = `write "${file.path}"`;
  const flying = new Set<Promise<void>>();
  let position = offset;
  let taken = 0;
  let failure: { readonly reason: unknown } | undefined;
  for await (const block of blocksOf(chunks, file.client.writeBlock)) {
    while (flying.size >= atOnce) await orAborted(Promise.race(flying), { signal });
    if (failure !== undefined) throw failure.reason;
    const { done } = await orAborted(file.client.write(file.handle, position, block, doing), { signal });
    position += block.length;
    const settled = done.then(
      () => {
        taken += block.length;
        onProgress?.(taken);
      },
      (reason: unknown) => {
        failure ??= { reason };
      },
    );
    flying.add(settled);
    void settled.then(() => flying.delete(settled));
  }
  await orAborted(Promise.all(flying), { signal });
  if (failure !== undefined) throw failure.reason;
  return position - offset;
}

/** Gather chunks into blocks of `size`, the last one smaller. A block is overwritten once the next is asked for. */
async function* blocksOf(chunks: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  const block = new Uint8Array(size);
  let length = 0;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const piece = chunk.subarray(at, at + size - length);
      block.set(piece, length);
      length += piece.length;
      at += piece.length;
      if (length < size) continue;
      yield block;
      length = 0;
    }
  }
  if (length > 0) yield block.subarray(0, length);
}

/** Read bytes from `start` to `end`, several blocks ahead. @throws {TransferError} `file-changed` if the file ends before */
export async function* readAll(
  file: OpenFile,
  start: number,
  end: number,
  options: Abortable,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const size = file.client.readBlock;
  const ahead: Promise<Uint8Array<ArrayBuffer>>[] = [];
  let asked = start;
  for (;;) {
    while (asked < end && ahead.length < mostReads) {
      const block = readBlock(file, asked, Math.min(size, end - asked));
      // Whoever awaits the block hears of it; it may fail before that.
      block.catch(() => undefined);
      ahead.push(block);
      asked += size;
    }
    const first = ahead.shift();
    if (first === undefined) return;
    yield await orAborted(first, options);
  }
}

/** A server may answer with fewer bytes than were asked for. */
async function readBlock(file: OpenFile, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const doing = `read "${file.path}"`;
  const first = await file.client.read(file.handle, offset, length, doing);
  if (first.length === length) return first;
  const whole = new Uint8Array(length);
  whole.set(first);
  for (let at = first.length; at < length; ) {
    const more = await file.client.read(file.handle, offset + at, length - at, doing);
    if (more.length === 0) throw new TransferError("file-changed", `Cannot ${doing}: it ends at byte ${offset + at}`);
    whole.set(more, at);
    at += more.length;
  }
  return whole;
}
