/** Bodies over segments of the spool: they wait for their bytes. */

import type { FileHandle } from "node:fs/promises";
import { type Body, MiB, type Part } from "@naru/core";

const chunkSize = MiB;

/** What a body needs of the spool. */
export interface SegmentReader {
  at(offset: number): Part;
  /** Open a segment to read, once it is durable. */
  open(part: Part): Promise<FileHandle>;
}

interface SpoolBody extends Body {
  readonly start: number;
}

/** Make a body of the bytes from `start` to `end`. */
export function spoolBody(reader: SegmentReader, start: number, end: number): SpoolBody {
  return { start, size: end - start, stream: () => streamOf(reader, start, end) };
}

function streamOf(reader: SegmentReader, start: number, end: number): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = start;
  let opened: { readonly part: Part; readonly handle: FileHandle } | undefined;
  const close = async (): Promise<void> => {
    const { handle } = opened ?? {};
    opened = undefined;
    await handle?.close();
  };
  const handleAt = async (part: Part): Promise<FileHandle> => {
    if (opened?.part.number === part.number) return opened.handle;
    await close();
    const handle = await reader.open(part);
    opened = { part, handle };
    return handle;
  };
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      pull: async (controller) => {
        if (position >= end) return controller.close();
        try {
          const part = reader.at(position);
          const handle = await handleAt(part);
          const length = Math.min(chunkSize, end - position, part.offset + part.size - position);
          const chunk = Buffer.allocUnsafeSlow(length);
          const { bytesRead } = await handle.read(chunk, 0, length, position - part.offset);
          if (bytesRead === 0) throw new Error("a segment of the spool became shorter");
          position += bytesRead;
          if (position >= end) await close();
          controller.enqueue(chunk.subarray(0, bytesRead));
          if (position >= end) controller.close();
        } catch (error) {
          await close();
          throw error;
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}
