import { type FileHandle, open } from "node:fs/promises";
import { KiB, TransferError } from "@naru/core";
import { onDisk } from "./file-error.ts";
import type { FileState } from "./file-facts.ts";

const chunkSize = 512 * KiB;

export interface FileToRead {
  /** What its user calls it. */
  readonly path: string;
  readonly place: string;
  readonly state: FileState;
  readonly start: number;
  readonly end: number;
  readonly signal?: AbortSignal | undefined;
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
    const buffer = new Uint8Array(Math.min(chunkSize, file.end - position));
    const { bytesRead } = await handle.read(buffer, 0, buffer.byteLength, position);
    if (bytesRead === 0) throw changed(file);
    position += bytesRead;
    // Another program may have written into it while it was read: then its reader must not take it for whole.
    if (position >= file.end && !(await isSame(handle, file))) throw changed(file);
    controller.enqueue(bytesRead === buffer.byteLength ? buffer : buffer.subarray(0, bytesRead));
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
  const handle = await open(file.place, "r");
  if (await isSame(handle, file)) return handle;
  await handle.close();
  throw changed(file);
}

async function isSame(handle: FileHandle, { state }: FileToRead): Promise<boolean> {
  const { size, mtimeNs } = await handle.stat({ bigint: true });
  return size === state.size && mtimeNs === state.mtimeNs;
}

function changed(file: FileToRead): TransferError {
  return new TransferError("conflict", `Cannot read "${file.path}": it has changed`);
}
