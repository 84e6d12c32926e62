/** The least a page can do: Blob slices of 16 MiB, four XHR PUTs at a time, no checksum, no retry. */

import { completeMultipart, createMultipart, signPart } from "./signer.ts";

const partSize = 16 * 1024 * 1024;
const inFlight = 4;

export async function sliceLoop(files: readonly File[], prefix: string): Promise<void> {
  for (const file of files) {
    const upload = await createMultipart(`${prefix}${file.name}`);
    const etags: string[] = [];
    let next = 0;
    const worker = async (): Promise<void> => {
      for (let index = next++; index * partSize < file.size; index = next++) {
        const url = await signPart(upload, index + 1);
        etags[index] = await put(url, file.slice(index * partSize, (index + 1) * partSize));
      }
    };
    await Promise.all(Array.from({ length: inFlight }, worker));
    await completeMultipart(upload, etags);
  }
}

function put(url: string, body: Blob): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const request = new XMLHttpRequest();
  request.open("PUT", url);
  request.onload = () => {
    if (request.status === 200) resolve(request.getResponseHeader("etag") ?? "");
    else reject(new Error(`Cannot put a part: ${request.status}`));
  };
  request.onerror = () => reject(new Error("Cannot put a part: no connection"));
  request.send(body);
  return promise;
}
