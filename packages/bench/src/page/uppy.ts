/** Uppy 5 with `@uppy/aws-s3`, all defaults: six connections, parts of 5 MiB, one PUT for a file up to 100 MiB. */

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";
import { completeMultipart, createMultipart, signPart, signPut } from "./signer.ts";

export async function uppy(files: readonly File[], prefix: string): Promise<void> {
  const uploader = new Uppy().use(AwsS3, {
    getUploadParameters: async (file) => ({ method: "PUT", url: await signPut(`${prefix}${file.name}`) }),
    createMultipartUpload: (file) => createMultipart(`${prefix}${file.name}`),
    signPart: async (_file, { uploadId, key, partNumber }) => ({ url: await signPart({ uploadId, key }, partNumber) }),
    listParts: async () => [],
    abortMultipartUpload: async () => undefined,
    completeMultipartUpload: async (_file, { uploadId, key, parts }) => {
      const etags = parts.toSorted((a, b) => (a.PartNumber ?? 0) - (b.PartNumber ?? 0)).map((part) => part.ETag ?? "");
      await completeMultipart({ uploadId: uploadId ?? "", key }, etags);
      return {};
    },
  });
  uploader.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file, source: "bench" })));
  const result = await uploader.upload();
  const failed = result?.failed ?? [];
  uploader.destroy();
  if (failed.length > 0) throw new Error(`Cannot upload: ${failed.length} failed: ${failed[0]?.error}`);
}
