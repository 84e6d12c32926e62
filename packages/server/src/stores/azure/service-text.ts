import type { WireAnswer } from "../s3/s3-wire.ts";

/** Read the text of an answer to its end: lists and settings, never a file. */
export async function readAll({ body }: Pick<WireAnswer, "body">): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString("utf8");
}
