import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { type Abortable, type Body, Crc64, KiB, type PartDigest, TransferError } from "@naru/core";

const chunkSize = 256 * KiB;

/** Compute both digests of a body in this thread, so that it also works where worker files do not (one bundled program). */
export async function digestBody(body: Body, { signal }: Abortable = {}): Promise<PartDigest> {
  const md5 = createHash("md5");
  const crc64 = new Crc64();
  for await (const chunk of chunksOf(body)) {
    signal?.throwIfAborted();
    md5.update(chunk);
    crc64.update(chunk);
  }
  return { md5: md5.digest("hex"), crc64: crc64.hex() };
}

/** A part of a file is read into one buffer again and again: new ones pile up faster than they are collected. */
function chunksOf(body: Body): AsyncIterable<Uint8Array> {
  return isPartOfFile(body) ? readFile(body) : body.stream();
}

interface PartOfFile extends Body {
  readonly file: string;
  readonly start: number;
}

function isPartOfFile(body: Body): body is PartOfFile {
  return "file" in body && typeof body.file === "string" && "start" in body && typeof body.start === "number";
}

async function* readFile({ file, start, size }: PartOfFile): AsyncGenerator<Uint8Array> {
  const handle = await open(file, "r").catch((cause: unknown) => {
    throw new TransferError("file-changed", `Cannot read "${file}": it is gone`, { cause });
  });
  try {
    const buffer = Buffer.allocUnsafeSlow(Math.min(chunkSize, Math.max(1, size)));
    for (let done = 0; done < size; ) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, size - done), start + done);
      if (bytesRead === 0) throw new TransferError("file-changed", `Cannot read "${file}": it became shorter`);
      done += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}
