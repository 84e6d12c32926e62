import type { Abortable } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";
import type { ListedPart } from "./s3-answers.ts";
import { partHeaders } from "./signer.ts";
import type { UploadKey } from "./upload-id.ts";

/**
 * Put parts that were left out of a completed file again, with no bytes. A store that keeps them for ever takes that, and no
 * call of S3 removes them: what stays is an empty object each, which costs nothing.
 */
export async function emptyParts(
  { signer, wire, endpoint }: BucketContext,
  uploadKey: UploadKey,
  parts: readonly ListedPart[],
  { signal }: Abortable,
): Promise<void> {
  const headers = { "content-length": "0", ...partHeaders(0) };
  for (const { number } of parts) {
    const { url } = await signer.presignPart(endpoint, uploadKey, { number, offset: 0, size: 0 });
    const doing = `empty part ${number} of "${uploadKey.spec.path}"`;
    const answer = await wire.demand(url, { method: "PUT", headers, body: "", signal, doing });
    await answer.body.dump();
  }
}
