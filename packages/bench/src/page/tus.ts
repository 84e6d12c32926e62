/** tus-js-client with its defaults, to `@tus/server` in front of the store (`tus-host.ts`); six files at a time, each resumed. */

import { Upload } from "tus-js-client";
import type { PageStore } from "./lib-storage.ts";

const filesAtOnce = 6;

export async function tus(files: readonly File[], prefix: string, { tusEndpoint }: PageStore): Promise<void> {
  const queue = files.values();
  const worker = async (): Promise<void> => {
    for (const file of queue) await send(file, `${prefix}${file.name}`, tusEndpoint);
  };
  await Promise.all(Array.from({ length: filesAtOnce }, worker));
}

function send(file: File, filename: string, endpoint: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const upload = new Upload(file, { endpoint, metadata: { filename }, onSuccess: () => resolve(), onError: reject });
    const begin = async (): Promise<void> => {
      const [last] = await upload.findPreviousUploads();
      if (last !== undefined) upload.resumeFromPreviousUpload(last);
      upload.start();
    };
    begin().catch(reject);
  });
}
