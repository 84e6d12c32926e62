/**
 * A file in the browser's own file system (OPFS, WHATWG File System Standard), written in place by a worker: what is flushed
 * survives a crash, and a reopened browser asks nobody before it may read it.
 *
 * @module
 */

import { asyncDispose, Crc64, MiB, type Sink, TransferError } from "@naru/core";
import { onDisk, partOf, renamed } from "./disk.ts";

/** The part of a `FileSystemSyncAccessHandle` that is used; a page's own types know nothing of workers. */
interface SyncFile {
  read(into: Uint8Array, options: { readonly at: number }): number;
  write(bytes: Uint8Array, options: { readonly at: number }): number;
  truncate(size: number): void;
  flush(): void;
  getSize(): number;
  close(): void;
}

interface SyncAccess {
  createSyncAccessHandle?(): Promise<SyncFile>;
}

const pieceBytes = MiB;
/** After so many bytes whatever else waits for the worker has its turn. */
const turnBytes = 8 * MiB;
/** A flush holds up the whole worker, so while bytes come there is one in so many milliseconds. */
const flushEveryMs = 1000;
const quietMs = 40;
/** The lock of a worker that was just ended is let go of a moment later. */
const lockTries = 50;
const lockAgainMs = 100;

/** Open the sink of the file `name`; what an earlier run has left of one of this size is there. @throws {TransferError} `no-space` */
export async function openOpfsSink(folder: FileSystemDirectoryHandle, name: string, size: number): Promise<Sink> {
  const part = await onDisk(name, () => folder.getFileHandle(partOf(name), { create: true }));
  const file = await onDisk(name, () => locked(part, name));
  const fresh = file.getSize() !== size;
  let writes = 0;
  let flushed = 0;
  let flushedAt = performance.now();
  let isOpen = true;
  const close = (): void => {
    if (isOpen) file.close();
    isOpen = false;
  };
  await onDisk(name, () => {
    if (fresh) file.truncate(0);
    file.truncate(size);
  }).catch(async (error: unknown) => {
    close();
    if (fresh) await folder.removeEntry(partOf(name));
    throw error;
  });
  const flush = (): void => {
    flushed = writes;
    file.flush();
    flushedAt = performance.now();
  };
  /** Wait until nothing has come for a moment, or it is time. */
  const calm = async (): Promise<void> => {
    for (let seen = -1; seen !== writes && performance.now() - flushedAt < flushEveryMs; ) {
      seen = writes;
      await after(quietMs);
    }
  };
  return {
    size,
    fresh,
    async write(offset, chunks) {
      const end = chunks.reduce((sum, { length }) => sum + length, offset);
      if (offset < 0 || end > size)
        throw new TransferError("invalid", `Cannot write ${offset}-${end} of "${name}": it has ${size} bytes`);
      await onDisk(name, () => {
        let at = offset;
        for (const chunk of chunks) {
          writeAll(file, chunk, at, name);
          at += chunk.length;
        }
      });
      writes += 1;
    },
    async sync() {
      await calm();
      if (isOpen && flushed !== writes) await onDisk(name, flush);
    },
    async crc64({ start, end }, { signal } = {}) {
      const crc = new Crc64();
      const piece = new Uint8Array(Math.min(pieceBytes, end - start));
      for (let at = start; at < end; ) {
        signal?.throwIfAborted();
        const read = file.read(piece.subarray(0, end - at), { at });
        if (read === 0) break;
        crc.update(piece.subarray(0, read));
        at += read;
        if ((at - start) % turnBytes === 0) await after(0);
      }
      return crc.hex();
    },
    async complete() {
      if (flushed !== writes) await onDisk(name, flush);
      close();
      await renamed(part, { folder, name });
    },
    async discard() {
      close();
      await folder.removeEntry(partOf(name)).catch(() => undefined);
    },
    async [asyncDispose]() {
      close();
    },
  };
}

async function locked(part: FileSystemFileHandle & SyncAccess, name: string): Promise<SyncFile> {
  if (part.createSyncAccessHandle === undefined)
    throw new TransferError("unsupported", `Cannot keep "${name}": the browser writes no files in place`);
  for (let tries = 1; ; tries++) {
    try {
      return await part.createSyncAccessHandle();
    } catch (cause) {
      const isLocked = cause instanceof DOMException && cause.name === "NoModificationAllowedError";
      if (!isLocked || tries >= lockTries) throw cause;
      await after(lockAgainMs);
    }
  }
}

function writeAll(file: SyncFile, chunk: Uint8Array, offset: number, name: string): void {
  for (let done = 0; done < chunk.length; ) {
    const written = file.write(done === 0 ? chunk : chunk.subarray(done), { at: offset + done });
    if (written === 0) throw new TransferError("no-space", `Cannot write "${name}": the disk is full`);
    done += written;
  }
}

function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
