/** A file of an end as what the engine sends: ranges of one state of it. */

import type { Body, Source, StoredFile } from "@naru/core";
import { whenChanged } from "./copy-comparison.ts";
import type { CopyContext } from "./copy-context.ts";

/** Read `file` by ranges, at the speed that is allowed. @throws {TransferError} `file-changed` when it is no longer that file */
export function copySource({ from, pass, signal }: CopyContext, file: StoredFile): Source {
  const { path, etag, size } = file;

  async function* chunks(start: number, end: number): AsyncGenerator<Uint8Array<ArrayBuffer>> {
    if (end === start) return;
    try {
      for await (const chunk of await from.store.read(path, { range: { start, end }, etag, signal })) {
        await pass(chunk.length, { signal });
        yield chunk;
      }
    } catch (error) {
      throw whenChanged(error, path);
    }
  }

  const slice = (start: number, end: number): Body => ({
    size: end - start,
    chunks: () => chunks(start, end),
    stream: () => streamOf(chunks(start, end)),
  });
  return { size, slice };
}

/** A stream that is read by pull. */
export function streamOf(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      cancel: async () => void (await chunks.return(undefined)),
    },
    { highWaterMark: 0 },
  );
}
