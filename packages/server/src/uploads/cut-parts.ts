import { createHash } from "node:crypto";
import { type Abortable, type Part, type PartDigest, TransferError, type Upload } from "@naru/core";
import { type Bytes, type Crc32, checkDigest } from "./body-digest.ts";
import { bytesBody } from "./memory-body.ts";

/** What a body is cut for. */
export interface CutBody {
  readonly path: string;
  readonly size?: number | undefined;
  /** What the sender says of the whole. */
  readonly md5?: string | undefined;
  /** Told of all bytes that are put, in order. */
  readonly crc32?: Crc32 | undefined;
}

/** One part of a body. */
export interface Cut {
  readonly bytes: Bytes;
  readonly last: boolean;
}

/** Put part after part, one on its way while the next fills. */
export async function putAll(
  upload: Upload,
  { first, rest }: { readonly first: Cut; readonly rest: AsyncIterable<Cut> },
  file: CutBody,
  { signal }: Abortable,
): Promise<Map<number, PartDigest>> {
  const digests = new Map<number, PartDigest>();
  const md5 = createHash("md5");
  let number = 0;
  let offset = 0;
  let putting: Promise<void> = Promise.resolve();
  // The store computes digests as the bytes pass; what it proves is what complete is told.
  const put = async (part: Part, bytes: Bytes): Promise<void> => {
    const { digest } = await upload.put(part, bytesBody(bytes), { signal });
    if (digest?.md5 && digest.crc64) digests.set(part.number, { md5: digest.md5, crc64: digest.crc64 });
  };
  const send = async ({ bytes }: Cut): Promise<void> => {
    if (file.md5 !== undefined) md5.update(bytes);
    file.crc32?.update(bytes);
    await putting;
    number += 1;
    putting = put({ number, offset, size: bytes.length }, bytes);
    offset += bytes.length;
    // Its failure is met at the next `await putting`; until then it must not count as unhandled.
    putting.catch(() => undefined);
  };
  try {
    await send(first);
    for await (const cut of rest) await send(cut);
  } finally {
    await putting;
  }
  if (file.md5 !== undefined) checkDigest({ path: file.path, md5: file.md5 }, { md5: md5.digest("hex") });
  return digests;
}

/**
 * Cut a body into parts; the one that ends it says so. An empty body is one empty part. Two buffers take turns: a part is
 * good until the part after the next is asked for.
 */
export async function* cutParts(
  chunks: AsyncIterable<Uint8Array>,
  partSize: number,
  { path, size }: CutBody,
  maxParts: number,
): AsyncGenerator<Cut, undefined> {
  let buffer: Bytes = new Uint8Array(Math.min(partSize, size ?? partSize));
  let spare: Bytes | undefined;
  let filled = 0;
  let total = 0;
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      if (filled === partSize) {
        if (total >= maxParts * partSize) throw new TransferError("too-large", tooManyParts(path, maxParts * partSize));
        yield { bytes: buffer, last: false };
        [buffer, spare] = [spare ?? new Uint8Array(partSize), buffer];
        filled = 0;
      }
      const taken = Math.min(partSize - filled, chunk.length - from);
      if (filled + taken > buffer.length) throw new TransferError("long-body", tooLong(path, size));
      buffer.set(chunk.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      total += taken;
    }
  }
  if (size !== undefined && total !== size) {
    if (total > size) throw new TransferError("long-body", tooLong(path, size));
    throw new TransferError("short-body", `Cannot write "${path}": the body ended after ${total} of ${size} bytes`);
  }
  yield { bytes: buffer.subarray(0, filled), last: total <= partSize };
  return undefined;
}

function tooManyParts(path: string, most: number): string {
  const hint = "a larger one needs its length in Content-Length";
  return `Cannot write "${path}": a body of unknown length may have ${most} bytes with this store; ${hint}`;
}

function tooLong(path: string, size: number | undefined): string {
  return `Cannot write "${path}": the body is longer than ${size} bytes`;
}
