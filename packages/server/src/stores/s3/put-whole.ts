import { randomUUID } from "node:crypto";
import type { Body, PutOptions, StoredFile, UploadSpec } from "@naru/core";
import type { BucketContext } from "./bucket-context.ts";
import { unknownType } from "./s3-control.ts";
import { metadataOf } from "./s3-metadata.ts";
import { sendBody } from "./send-body.ts";
import { md5Header } from "./signer.ts";
import { keyOf } from "./written-key.ts";

export interface PutWholeOptions extends PutOptions {
  readonly token?: string | undefined;
}

/** Write an object in one request. It is signed in its headers and made by this server only (`docs/decisions/006-signed-parts.md`). */
export async function putWhole(
  context: BucketContext,
  spec: UploadSpec,
  body: Body,
  { token = randomUUID(), onlyNew = false, ...options }: PutWholeOptions,
): Promise<StoredFile> {
  options.signal?.throwIfAborted();
  const { signer, wire, endpoint, facts, clock } = context;
  const size = spec.size ?? body.size;
  const metadata = Object.entries(metadataOf(spec, token)).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const what = `"${spec.path}"`;
  const isConditional = onlyNew && facts.profile.conditionalCreate.is === "honoured";
  const { etag, digest, date } = await clock.again(async () => {
    const { url, headers } = await signer.sign(endpoint, {
      method: "PUT",
      key: keyOf(spec.path, context),
      headers: {
        ...Object.fromEntries(metadata),
        "content-type": spec.type ?? unknownType,
        ...md5Header(options.digest?.md5),
        ...(isConditional && { "if-none-match": "*" }),
      },
    });
    return sendBody(wire, { url, headers, size, md5Etags: true, what }, body, options);
  });
  const { path, type, modified = date } = spec;
  return { path, size, etag, modified, type, crc64: digest.crc64 };
}
