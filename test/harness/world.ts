/** What one end-to-end test stands on: a folder, a store behind a wire, a server behind a wire. Gone when the test ends. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type NaruServer, serveNaru } from "./naru-server.ts";
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

/** A server that keeps files in a folder. */
export async function folderWorld(): Promise<World & { readonly kept: string }> {
  const stack = new AsyncDisposableStack();
  const dir = await worldFolder(stack);
  const kept = join(dir, "kept");
  const server = stack.use(await serveNaru({ dir: join(dir, "data"), store: `file:${kept}` }));
  const line = stack.use(await layWire(server.origin));
  return { ...worldOf(stack, dir, server, line), kept };
}

/** A folder that goes with the world. */
export async function worldFolder(stack: AsyncDisposableStack): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), "naru-e2e-"));
  stack.defer(() => rm(dir, { recursive: true, force: true, maxRetries: 5 }));
  await mkdir(join(dir, "data"));
  return dir;
}

/** Put a world together; it owns what the stack holds. */
export function worldOf(stack: AsyncDisposableStack, dir: string, server: NaruServer, line: Wire): World {
  return {
    dir,
    server,
    line,
    origin: line.origin,
    file: (name) => join(dir, name),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}
