import { randomUUID } from "node:crypto";
import type { Body, PutOptions, StoredFile, UploadSpec } from "@naru/core";
import { keyOf } from "./bucket-address.ts";
import type { BucketContext } from "./bucket-context.ts";
import { unknownType } from "./s3-control.ts";
import { metadataOf } from "./s3-metadata.ts";
import { sendBody } from "./send-body.ts";
import { md5Header } from "./signer.ts";

export interface PutWholeOptions extends PutOptions {
  readonly token?: string | undefined;
}

/** Write an object in one request. It is signed in its headers and made by this server only (`docs/decisions/006-signed-parts.md`). */
export async function putWhole(
  context: BucketContext,
  spec: UploadSpec,
  body: Body,
  { token = randomUUID(), ...options }: PutWholeOptions,
): Promise<StoredFile> {
  options.signal?.throwIfAborted();
  const { signer, wire, endpoint, prefix, clock } = context;
  const size = spec.size ?? body.size;
  const metadata = Object.entries(metadataOf(spec, token)).map(([name, value]) => [`x-amz-meta-${name}`, value]);
  const what = `"${spec.path}"`;
  const { etag, digest, date } = await clock.again(async () => {
    const { url, headers } = await signer.sign(endpoint, {
      method: "PUT",
      key: keyOf(spec.path, prefix),
      headers: {
        ...Object.fromEntries(metadata),
        "content-type": spec.type ?? unknownType,
        ...md5Header(options.digest?.md5),
      },
    });
    return sendBody(wire, { url, headers, size, md5Etags: true, what }, body, options);
  });
  const { path, type, modified = date } = spec;
  return { path, size, etag, modified, type, crc64: digest.crc64 };
}
