import { createHash } from "node:crypto";
import { type Abortable, type Body, bodyError, chunksOf, type Part, type PartDigest, TransferError } from "@naru/core";

export interface CheckedBodyOptions extends Abortable {
  readonly digest?: PartDigest | undefined;
}

/**
 * Read the body of a part, and hand over its end only when it is what it should be. The last chunk is held back until
 * then, so that a file whose size covers the part never holds a wrong one.
 *
 * @throws {TransferError} `short-body`, `long-body`, `checksum-mismatch`
 */
export async function* checkedBody(
  part: Part,
  body: Body,
  { signal, digest }: CheckedBodyOptions,
): AsyncGenerator<Uint8Array> {
  const md5 = digest === undefined ? undefined : createHash("md5");
  let held: Uint8Array | undefined;
  let length = 0;
  for await (const chunk of chunksOf(body, { signal })) {
    if (chunk.length === 0) continue;
    length += chunk.length;
    if (length > part.size) throw bodyError(part, "long-body");
    md5?.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (length < part.size) throw bodyError(part, "short-body");
  const found = md5?.digest("hex");
  if (found !== digest?.md5) {
    throw new TransferError("checksum-mismatch", `Cannot put part "${part.number}": the MD5 of its body is ${found}`);
  }
  if (held !== undefined) yield held;
}
