/** What one end-to-end test stands on when the store is a bucket: the world, and a wire to the store. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GcsFront, startGcsFront } from "../peers/gcs-front.ts";
import { Bucket } from "./bucket.ts";
import { freePort } from "./free-port.ts";
import { serveNaru, setCors } from "./naru-server.ts";
import { layWire, type Wire } from "./wire.ts";
import { type World, worldFolder, worldOf } from "./world.ts";

export interface BucketWorld extends World {
  readonly bucket: Bucket;
  /** The wire to the store; parts go through it on both routes. */
  readonly wire: Wire;
}

export interface BucketWorldOptions {
  /** Whether the bucket admits the page: `--set-cors`. */
  readonly cors?: boolean;
  /** More options of `naru serve`. */
  readonly args?: readonly string[];
  /** Whether the bucket is reached in the words of Google Cloud Storage, by a service account. */
  readonly google?: boolean;
}

/** A server that keeps files in a bucket of the real store. */
export async function bucketWorld({
  args = [],
  cors = true,
  google = false,
}: BucketWorldOptions = {}): Promise<BucketWorld> {
  const stack = new AsyncDisposableStack();
  const dir = await worldFolder(stack);
  const bucket = stack.use(await Bucket.make());
  const front = google ? stack.use(await googleFront(bucket)) : bucket.place;
  const wire = stack.use(await layWire(front.endpoint));
  const port = await freePort();
  const line = stack.use(await layWire(`http://127.0.0.1:${port}`));
  const store = google
    ? `gcs://${bucket.name}?${new URLSearchParams({ endpoint: wire.origin })}`
    : bucket.storeUrl(wire.origin);
  const env = google ? { GOOGLE_APPLICATION_CREDENTIALS: accountFile } : bucket.credentials;
  const options = { dir: join(dir, "data"), store, env, port, args };
  if (cors) await setCors(options, line.origin);
  const server = stack.use(await serveNaru(options));
  return { ...worldOf(stack, dir, server, line), bucket, wire };
}

/** Google's own key file for tests. */
const accountFile = new URL("../../packages/server/test/stores/gcs/service-account.json", import.meta.url).pathname;

async function googleFront({ place }: Bucket): Promise<GcsFront> {
  return startGcsFront({ keyFile: await readFile(accountFile, "utf8"), server: place });
}
