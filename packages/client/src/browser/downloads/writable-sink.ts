/**
 * A file in a chosen folder that is written through a stream: the browser shows its bytes only once it is closed, so that
 * nothing is left of it after a crash. It is for files so small that this does not matter.
 *
 * @module
 */

import { asyncDispose, type Sink } from "@naru/core";
import { newPart, onDisk, partOf, refuseOutside, renamed } from "./disk.ts";

/** Open the sink of the file `name` in a chosen folder. @throws {TransferError} `no-space` */
export async function openWritableSink(folder: FileSystemDirectoryHandle, name: string, size: number): Promise<Sink> {
  const part = await newPart(folder, name);
  const stream = await part.createWritable();
  await onDisk(name, () => stream.truncate(size));
  let isOpen = true;
  const abandon = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await stream.abort().catch(() => undefined);
    await folder.removeEntry(partOf(name)).catch(() => undefined);
  };
  return {
    size,
    fresh: true,
    async write(offset, chunks) {
      refuseOutside(offset, chunks, { name, size });
      // Chunks of a response stand alone: none shares its memory with another thread.
      const data = new Blob(chunks as Uint8Array<ArrayBuffer>[]);
      await onDisk(name, () => stream.write({ type: "write", position: offset, data }));
    },
    sync: async () => undefined,
    async complete() {
      isOpen = false;
      await onDisk(name, () => stream.close());
      await renamed(part, { folder, name });
    },
    discard: abandon,
    [asyncDispose]: abandon,
  };
}
