/** What one end-to-end test stands on when the store is a bucket: the world, and a wire to the store. */

import { join } from "node:path";
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
}

/** A server that keeps files in a bucket of the real store. */
export async function bucketWorld({ args = [], cors = true }: BucketWorldOptions = {}): Promise<BucketWorld> {
  const stack = new AsyncDisposableStack();
  const dir = await worldFolder(stack);
  const bucket = stack.use(await Bucket.make());
  const wire = stack.use(await layWire(bucket.place.endpoint));
  const port = await freePort();
  const line = stack.use(await layWire(`http://127.0.0.1:${port}`));
  const options = { dir: join(dir, "data"), store: bucket.storeUrl(wire.origin), env: bucket.credentials, port, args };
  if (cors) await setCors(options, line.origin);
  const server = stack.use(await serveNaru(options));
  return { ...worldOf(stack, dir, server, line), bucket, wire };
}
