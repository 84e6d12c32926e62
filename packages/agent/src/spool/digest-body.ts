import { createHash } from "node:crypto";
import { type Abortable, type Body, Crc64, chunksOf, type PartDigest } from "@naru/core";

/** Compute both digests of a body in this thread, so that it also works where worker files do not (one bundled program). */
export async function digestBody(body: Body, { signal }: Abortable = {}): Promise<PartDigest> {
  const md5 = createHash("md5");
  const crc64 = new Crc64();
  for await (const chunk of chunksOf(body, { signal, reuse: true })) {
    md5.update(chunk);
    crc64.update(chunk);
  }
  return { md5: md5.digest("hex"), crc64: crc64.hex() };
}
