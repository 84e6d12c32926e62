import type { Body } from "@naru/core";

const chunkSize = 256 * 1024;

/** Bytes in memory as a body, without a copy: they must not change while it is read. */
export function bytesBody(bytes: Uint8Array<ArrayBuffer>): Body {
  return { size: bytes.length, stream: () => streamOf(bytes), chunks: () => [bytes] };
}

function streamOf(bytes: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array<ArrayBuffer>> {
  let offset = 0;
  return new ReadableStream(
    {
      pull(controller) {
        if (offset < bytes.length) controller.enqueue(bytes.subarray(offset, offset + chunkSize));
        offset += chunkSize;
        if (offset >= bytes.length) controller.close();
      },
    },
    { highWaterMark: 0 },
  );
}
