/** What one end-to-end test stands on: a folder, a store behind a wire, a server behind a wire. Gone when the test ends. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bucket } from "./bucket.ts";
import { freePort } from "./free-port.ts";
import { type NaruServer, serveNaru, setCors } from "./naru-server.ts";
import { layWire, type Wire } from "./wire.ts";

export interface World extends AsyncDisposable {
  readonly dir: string;
  readonly server: NaruServer;
  /** The wire to the server; people come through it. */
  readonly line: Wire;
  /** Where people find the server. */
  readonly origin: string;
  file(name: string): string;
}

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
  const dir = await folder(stack);
  const bucket = stack.use(await Bucket.make());
  const wire = stack.use(await layWire(bucket.place.endpoint));
  const port = await freePort();
  const line = stack.use(await layWire(`http://127.0.0.1:${port}`));
  const options = { dir: join(dir, "data"), store: bucket.storeUrl(wire.origin), env: bucket.credentials, port, args };
  if (cors) await setCors(options, line.origin);
  const server = stack.use(await serveNaru(options));
  return { ...world(stack, dir, server, line), bucket, wire };
}

/** A server that keeps files in a folder. */
export async function folderWorld(): Promise<World & { readonly kept: string }> {
  const stack = new AsyncDisposableStack();
  const dir = await folder(stack);
  const kept = join(dir, "kept");
  const server = stack.use(await serveNaru({ dir: join(dir, "data"), store: `file:${kept}` }));
  const line = stack.use(await layWire(server.origin));
  return { ...world(stack, dir, server, line), kept };
}

async function folder(stack: AsyncDisposableStack): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "naru-e2e-"));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(dir, "data"));
  return dir;
}

function world(stack: AsyncDisposableStack, dir: string, server: NaruServer, line: Wire): World {
  return {
    dir,
    server,
    line,
    origin: line.origin,
    file: (name) => join(dir, name),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
