import { randomUUID } from "node:crypto";
import type { Body, PutOptions, StoredFile, UploadSpec } from "@naru/core";
import { metadataOf } from "./blob-metadata.ts";
import { blobUrl, nameOf } from "./blob-name.ts";
import { factHeaders, unknownType } from "./blob-service.ts";
import type { ContainerContext } from "./container-context.ts";
import { sendBlob } from "./send-blob.ts";

/** Write a blob in one request, made by this server only: what had the name stays until all bytes are there, and for good under `onlyNew`. */
export async function putBlob(
  context: ContainerContext,
  spec: UploadSpec & { readonly size: number },
  body: Body,
  options: PutOptions,
): Promise<StoredFile> {
  options.signal?.throwIfAborted();
  const { container, endpoint, prefix } = context;
  const { path, size, type, modified } = spec;
  const metadata = metadataOf({ modified, token: randomUUID(), crc64: options.digest?.crc64 });
  const headers = {
    "content-type": type ?? unknownType,
    "x-ms-blob-type": "BlockBlob",
    ...factHeaders({ metadata, onlyNew: options.onlyNew }),
  };
  const url = blobUrl(endpoint, container, nameOf(path, prefix));
  const { etag, digest, date } = await sendBlob(context, { url, headers, size, what: `"${path}"` }, body, options);
  return { path, size, etag, modified: modified ?? date, type, crc64: digest.crc64 };
}
