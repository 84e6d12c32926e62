import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { KiB, type ReadOptions, TransferError } from "@naru/core";
import { onDisk } from "./file-error.ts";
import type { FileState } from "./file-facts.ts";
import { isSame, type RecentState } from "./recent-files.ts";

const chunkSize = 512 * KiB;

export interface FileToRead {
  /** What its user calls it. */
  readonly path: string;
  readonly place: string;
  /** With its inode, where that is known: then it must be that very file. */
  readonly state: FileState & Partial<Pick<RecentState, "ino" | "dev">>;
  readonly start: number;
  readonly end: number;
  readonly signal?: AbortSignal | undefined;
  readonly allocate?: ReadOptions["allocate"];
}

/** Stream bytes of a file. It is opened when first pulled, so that a stream nobody reads holds nothing. */
export function readFileRange(file: FileToRead): ReadableStream<Uint8Array<ArrayBuffer>> {
  let handle: FileHandle | undefined;
  let position = file.start;
  const close = async () => {
    await handle?.close();
    handle = undefined;
  };
  const pull = async (controller: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>>) => {
    file.signal?.throwIfAborted();
    if (position >= file.end) {
      await close();
      controller.close();
      return;
    }
    handle ??= await openSame(file);
    const wanted = Math.min(chunkSize, file.end - position);
    const buffer = file.allocate?.(wanted) ?? Buffer.allocUnsafeSlow(wanted);
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, position);
    if (bytesRead === 0) throw changed(file);
    position += bytesRead;
    // Another program may have written into it while it was read: then its reader must not take it for whole.
    const ends = position >= file.end;
    if (ends && !(await isUnchanged(handle, file))) throw changed(file);
    if (ends) await close();
    controller.enqueue(bytesRead === buffer.byteLength ? buffer : buffer.subarray(0, bytesRead));
    if (ends) controller.close();
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: (controller) =>
        onDisk(`read "${file.path}"`, () => pull(controller)).catch(async (error: unknown) => {
          await close();
          throw error;
        }),
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}

async function openSame(file: FileToRead): Promise<FileHandle> {
  // What is at its real place is no link, unless it was put there since.
  const handle = await open(file.place, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  if (await isUnchanged(handle, file)) return handle;
  await handle.close();
  throw changed(file);
}

async function isUnchanged(handle: FileHandle, { state }: FileToRead): Promise<boolean> {
  return isSame(state, await handle.stat({ bigint: true }));
}

function changed(file: FileToRead): TransferError {
  return new TransferError("conflict", `Cannot read "${file.path}": it has changed`);
}
