/** The least a page can do to download: a worker fetches ranges side by side and writes them in place; no checksum, no retry. */

import { signGet } from "./signer.ts";

/** Download `key` in so many ranges into the browser's own file system; tells the seconds it took. */
export async function fetchLoop(key: string, size: number, ranges: number): Promise<number> {
  const worker = new Worker(new URL("./fetch-loop-worker.ts", import.meta.url), { type: "module" });
  const start = performance.now();
  const url = await signGet(key);
  const ended = new Promise<string>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<string>) => resolve(data);
  });
  worker.postMessage({ url, size, ranges });
  const failure = await ended;
  worker.terminate();
  if (failure !== "") throw new Error(failure);
  return (performance.now() - start) / 1000;
}
