/**
 * Uppy 6 with `@uppy/aws-s3`, all defaults: one PUT for a file up to 100 MB, else parts of 5 MiB one after another, six
 * files at a time. A package of its own, since one version of Uppy fits into each.
 */

import AwsS3 from "@uppy/aws-s3";
import Uppy from "@uppy/core";

/** A request that Uppy makes of the store, for whoever signs it: its method, key and query. */
export interface StoreRequest {
  readonly method: string;
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

/** Upload files under `prefix`; `sign` gives the URL of a request. @throws {Error} when one did not arrive */
export async function uppy6(
  files: readonly File[],
  prefix: string,
  sign: (request: StoreRequest) => Promise<string>,
): Promise<void> {
  const uploader = new Uppy().use(AwsS3, {
    generateObjectKey: ({ name }) => `${prefix}${name}`,
    signRequest: async (request) => {
      const { method, key } = request;
      if (method === "POST" && !("uploadId" in request))
        return { url: await sign({ method, key, query: { uploads: "" } }) };
      const upload: Record<string, string> = "uploadId" in request ? { uploadId: request.uploadId } : {};
      const part: Record<string, string> = "partNumber" in request ? { partNumber: `${request.partNumber}` } : {};
      return { url: await sign({ method, key, query: { ...upload, ...part } }) };
    },
  });
  uploader.addFiles(files.map((file) => ({ name: file.name, type: file.type, data: file, source: "bench" })));
  const result = await uploader.upload();
  const failed = result?.failed ?? [];
  uploader.destroy();
  if (failed.length > 0) throw new Error(`Cannot upload: ${failed.length} failed: ${failed[0]?.error}`);
}
