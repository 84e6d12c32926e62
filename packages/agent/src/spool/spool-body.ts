/** Bodies over segments of the spool: they wait for their bytes. */

import type { FileHandle } from "node:fs/promises";
import { type Body, type ByteRange, type ChunksOptions, MiB, type Part } from "@naru/core";

type Chunk = Uint8Array<ArrayBuffer>;

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

/** Memory that a body has been read into and another may be read into next: new memory would have to be collected. */
const spare: (readonly [Chunk, Chunk])[] = [];

/** Make a body of the bytes from `start` to `end`. */
export function spoolBody(reader: SegmentReader, start: number, end: number): SpoolBody {
  async function* fresh(): AsyncGenerator<Chunk> {
    yield* read(reader, { start, end }, made);
  }
  async function* reused(): AsyncGenerator<Chunk> {
    const [one, other] = spare.pop() ?? [made(chunkSize), made(chunkSize)];
    let next = one;
    yield* read(reader, { start, end }, (length) => {
      const chunk = next.subarray(0, length);
      next = next === one ? other : one;
      return chunk;
    });
    // Not after a failure: a chunk may still be on its way.
    spare.push([one, other]);
  }
  const chunks = ({ reuse = false }: ChunksOptions = {}): AsyncGenerator<Chunk> => (reuse ? reused() : fresh());
  return { start, size: end - start, stream: () => streamOf(fresh()), chunks };
}

/** Memory of its own, which nobody has cleared. */
function made(length: number): Chunk {
  // Not of the pool that Buffers share.
  return Buffer.allocUnsafeSlow(length) as Uint8Array<ArrayBuffer>;
}

async function* read(
  reader: SegmentReader,
  { start, end }: ByteRange,
  memory: (length: number) => Chunk,
): AsyncGenerator<Chunk, undefined> {
  for (let position = start; position < end; ) {
    const part = reader.at(position);
    const stop = Math.min(end, part.offset + part.size);
    await using handle = await reader.open(part);
    while (position < stop) {
      const chunk = memory(Math.min(chunkSize, stop - position));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, position - part.offset);
      if (bytesRead === 0) throw new Error("a segment of the spool became shorter");
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  }
}

function streamOf(chunks: AsyncGenerator<Chunk>): ReadableStream<Chunk> {
  return new ReadableStream<Chunk>(
    {
      pull: async (controller) => {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}
