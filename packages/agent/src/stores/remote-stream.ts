import { type ByteRange, type StoredFile, TransferError } from "@naru/core";

/** Hand chunks over as a stream; nothing is read before it is pulled. */
export function streamOf(chunks: AsyncGenerator<Uint8Array<ArrayBuffer>>): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await chunks.next();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await chunks.return(undefined);
      },
    },
    { highWaterMark: 0 },
  );
}

/** The range to read. @throws {TransferError} `invalid` if the file has no such bytes */
export function within(range: ByteRange | undefined, { path, size }: StoredFile): ByteRange {
  if (range === undefined) return { start: 0, end: size };
  const { start, end } = range;
  const valid = Number.isSafeInteger(start) && Number.isSafeInteger(end) && start >= 0 && start <= end && start <= size;
  if (!valid) throw new TransferError("invalid", `Cannot read "${path}": it has no bytes ${start} to ${end}`);
  return { start, end: Math.min(end, size) };
}
