/** Files of random bytes, made once, with the digest to find them again by. */

import { createHash, randomFillSync } from "node:crypto";
import { once } from "node:events";
import { createReadStream, createWriteStream } from "node:fs";

export const MiB: number = 1024 * 1024;

/** Write a file of random bytes; give its SHA-256. */
export async function makeFile(path: string, size: number): Promise<string> {
  const hash = createHash("sha256");
  const out = createWriteStream(path);
  for (let written = 0; written < size; ) {
    const chunk = randomFillSync(Buffer.allocUnsafe(Math.min(4 * MiB, size - written)));
    hash.update(chunk);
    written += chunk.length;
    if (!out.write(chunk)) await once(out, "drain");
  }
  out.end();
  await once(out, "close");
  return hash.digest("hex");
}

/** Take the SHA-256 of a file. */
export async function sha256File(path: string): Promise<string> {
  return sha256Stream(createReadStream(path, { highWaterMark: MiB }));
}

/** Take the SHA-256 of what flows by. */
export async function sha256Stream(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest("hex");
}
