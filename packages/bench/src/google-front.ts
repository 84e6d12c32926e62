/** Google Cloud Storage's words in front of the bucket, by the tests' own front, and the key file that it knows. */

import { readFile } from "node:fs/promises";
import type { S3 } from "./bucket.ts";

export interface GoogleFront extends AsyncDisposable {
  readonly endpoint: string;
  /** A service account's key file. */
  readonly keyFile: string;
}

// The tests' folders belong to no package; they are found by place, not by a name.
const root = new URL("../../../", import.meta.url);

/** Start it in this process. */
export async function startGoogleFront(server: S3, host: string): Promise<GoogleFront> {
  const file = new URL("packages/server/test/stores/gcs/service-account.json", root);
  const { startGcsFront } = await import(new URL("test/peers/gcs-front.ts", root).href);
  const front = await startGcsFront({ keyFile: await readFile(file, "utf8"), server, host });
  return {
    endpoint: front.endpoint,
    keyFile: file.pathname,
    [Symbol.asyncDispose]: () => front[Symbol.asyncDispose](),
  };
}
