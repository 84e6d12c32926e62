/**
 * Checksums for clients that compare: "check-file-name" and "check-file-handle" of
 * draft-ietf-secsh-filexfer-extensions-00 section 3, and "check-file", by a handle, as paramiko asks and is answered.
 *
 * @module
 */

import { type Abortable, TransferError } from "@naru/core";
import { type DigestName, digestNames } from "../gateway/file-digest.ts";
import type { GatewaySession } from "../gateway/gateway-session.ts";
import { checkAnswer } from "./answers.ts";
import type { FieldReader } from "./field-reader.ts";
import type { CheckRequest } from "./packets.ts";

/** Its fields after the extension's name. */
export function readCheck(
  id: number,
  reader: FieldReader,
  by: { readonly path?: boolean; readonly named?: boolean },
): CheckRequest {
  return {
    kind: "check",
    id,
    named: by.named ?? false,
    of: by.path ? { path: reader.path() } : { handle: reader.handle() },
    algorithms: reader.word().split(","),
    start: reader.big(),
    length: reader.big(),
    block: reader.number(),
  };
}

/** @throws {TransferError} `unsupported` for unknown digests; what reading the file throws */
export async function answerCheck(
  session: GatewaySession,
  { algorithms, block, id, length, named, start }: CheckRequest,
  path: string,
  options: Abortable,
): Promise<Uint8Array> {
  const name = algorithms.map(digestNamed).find((known) => known !== undefined);
  if (name === undefined) {
    const known = `${digestNames.join(", ")} are supported`;
    throw new TransferError("unsupported", `Cannot compute the checksum "${algorithms.join(",")}": ${known}`);
  }
  if (block !== 0 && block < 256)
    throw new TransferError("invalid", "Cannot compute checksums of blocks below 256 bytes");
  const ask = { name, start, length: length || undefined, block: block || undefined };
  const digests = await session.digest(path, ask, options);
  return checkAnswer(id, [...(named ? ["check-file"] : []), name], Buffer.from(digests.join(""), "hex"));
}

/** Some write a hyphen. */
function digestNamed(text: string): DigestName | undefined {
  const plain = text.toLowerCase().replace("-", "");
  return digestNames.find((name) => name === plain);
}
