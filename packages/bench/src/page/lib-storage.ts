/** AWS's own uploader (`@aws-sdk/lib-storage`) in the page, with its defaults; six files at a time. */

import { Upload } from "@aws-sdk/lib-storage";
import { S3Client } from "../aws-sdk.ts";

/** What the page needs to talk to the store with keys of its own, and the tus server in front of it. */
export interface PageStore {
  readonly endpoint: string;
  readonly bucket: string;
  readonly accessKey: string;
  readonly secretKey: string;
  readonly tusEndpoint: string;
}

const filesAtOnce = 6;

export async function libStorage(files: readonly File[], prefix: string, store: PageStore): Promise<void> {
  const client = new S3Client({
    endpoint: store.endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId: store.accessKey, secretAccessKey: store.secretKey },
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let file = files[next++]; file !== undefined; file = files[next++]) {
      await new Upload({ client, params: { Bucket: store.bucket, Key: `${prefix}${file.name}`, Body: file } }).done();
    }
  };
  await Promise.all(Array.from({ length: filesAtOnce }, worker));
  client.destroy();
}
