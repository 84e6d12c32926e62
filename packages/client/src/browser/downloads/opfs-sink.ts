/**
 * A file in the browser's own file system (OPFS, WHATWG File System Standard), written in place by a worker: what is flushed
 * survives a crash, and a reopened browser asks nobody before it may read it.
 *
 * @module
 */

import { type Abortable, asyncDispose, type ByteRange, Crc64, MiB, type Sink, TransferError } from "@naru/core";
import { onDisk, partOf, refuseOutside, renamed } from "./disk.ts";

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
  await onDisk(name, () => {
    if (fresh) file.truncate(0);
    file.truncate(size);
  }).catch(async (error: unknown) => {
    file.close();
    if (fresh) await folder.removeEntry(partOf(name));
    throw error;
  });
  return new OpfsSink({ folder, name, size, fresh, part, file });
}

interface OpenedPart {
  readonly folder: FileSystemDirectoryHandle;
  readonly name: string;
  readonly size: number;
  readonly fresh: boolean;
  readonly part: FileSystemFileHandle;
  readonly file: SyncFile;
}

class OpfsSink implements Sink {
  readonly size: number;
  readonly fresh: boolean;
  readonly #opened: OpenedPart;
  readonly #file: SyncFile;
  #writes = 0;
  #flushed = 0;
  #flushedAt = performance.now();
  #isOpen = true;

  constructor(opened: OpenedPart) {
    this.size = opened.size;
    this.fresh = opened.fresh;
    this.#opened = opened;
    this.#file = opened.file;
  }

  async write(offset: number, chunks: readonly Uint8Array[]): Promise<void> {
    const { name } = this.#opened;
    refuseOutside(offset, chunks, { name, size: this.size });
    await onDisk(name, () => {
      let at = offset;
      for (const chunk of chunks) {
        writeAll(this.#file, chunk, at, name);
        at += chunk.length;
      }
    });
    this.#writes += 1;
  }

  async sync(): Promise<void> {
    await this.#calm();
    if (this.#isOpen) await this.#flush();
  }

  async crc64({ start, end }: ByteRange, { signal }: Abortable = {}): Promise<string> {
    const crc = new Crc64();
    const piece = new Uint8Array(Math.min(pieceBytes, end - start));
    for (let at = start; at < end; ) {
      signal?.throwIfAborted();
      const read = this.#file.read(piece.subarray(0, end - at), { at });
      if (read === 0) break;
      crc.update(piece.subarray(0, read));
      at += read;
      if ((at - start) % turnBytes === 0) await after(0);
    }
    return crc.hex();
  }

  async complete(): Promise<void> {
    const { folder, name, part } = this.#opened;
    await this.#flush();
    this.#close();
    await renamed(part, { folder, name });
  }

  async discard(): Promise<void> {
    const { folder, name } = this.#opened;
    this.#close();
    await folder.removeEntry(partOf(name)).catch(() => undefined);
  }

  async [asyncDispose](): Promise<void> {
    this.#close();
  }

  /** Wait until nothing has come for a moment, or it is time. */
  async #calm(): Promise<void> {
    for (let seen = -1; seen !== this.#writes && performance.now() - this.#flushedAt < flushEveryMs; ) {
      seen = this.#writes;
      await after(quietMs);
    }
  }

  async #flush(): Promise<void> {
    if (this.#flushed === this.#writes) return;
    await onDisk(this.#opened.name, () => {
      this.#flushed = this.#writes;
      this.#file.flush();
      this.#flushedAt = performance.now();
    });
  }

  #close(): void {
    if (this.#isOpen) this.#file.close();
    this.#isOpen = false;
  }
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
