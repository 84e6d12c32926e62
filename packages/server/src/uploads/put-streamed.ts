import { createHash } from "node:crypto";
import { type Abortable, countParts, type PartDigest, partAt, TransferError, type Upload } from "@naru/core";
import type { Crc32 } from "./body-digest.ts";
import { ByteReader } from "./byte-reader.ts";

export interface StreamedBody extends Abortable {
  readonly path: string;
  readonly size: number;
  readonly partSize: number;
  /** What the sender says of the whole. */
  readonly md5?: string | undefined;
  /** Told of all bytes, in order. */
  readonly crc32: Crc32;
}

/** Put a body of known size part after part, each byte on as it comes; what the store proves of the parts. */
export async function putStreamed(
  upload: Upload,
  chunks: AsyncIterable<Uint8Array>,
  { path, size, partSize, md5, crc32, signal }: StreamedBody,
): Promise<Map<number, PartDigest>> {
  const reader = new ByteReader(chunks);
  const hash = md5 === undefined ? undefined : createHash("md5");
  const digests = new Map<number, PartDigest>();
  for (let number = 1; number <= countParts(size, partSize); number++) {
    const part = partAt(size, partSize, number);
    if (!part) break;
    const body = { size: part.size, stream: () => asStream(reader.pieces(part.size), hash ? [hash, crc32] : [crc32]) };
    const { digest } = await upload.put(part, body, { signal });
    if (digest?.md5 && digest.crc64) digests.set(number, { md5: digest.md5, crc64: digest.crc64 });
  }
  await reader.end();
  if (hash && hash.digest("hex") !== md5) {
    throw new TransferError("checksum-mismatch", `Cannot write "${path}": the bytes are not what was sent`);
  }
  return digests;
}

function asStream(
  pieces: AsyncGenerator<Uint8Array, undefined>,
  hashes: readonly { update(bytes: Uint8Array): unknown }[],
): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream(
    {
      async pull(controller) {
        const next = await pieces.next();
        if (next.done) {
          controller.close();
          return;
        }
        for (const hash of hashes) hash.update(next.value);
        // Chunks of sockets are never shared between threads.
        controller.enqueue(next.value as Uint8Array<ArrayBuffer>);
      },
      cancel() {
        // Not awaited: a chunk that is being waited for may never come.
        void pieces.return(undefined).catch(() => undefined);
      },
    },
    { highWaterMark: 0 },
  );
}
