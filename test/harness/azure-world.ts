/** What one end-to-end test stands on when the store is a container of Azure's emulator: the world, and a wire to the store. */

import { createHash, randomUUID } from "node:crypto";
import { join } from "node:path";
import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from "@azure/storage-blob";
import type { Azurite } from "../peers/azurite.ts";
import { freePort } from "./free-port.ts";
import { serveNaru, setCors } from "./naru-server.ts";
import { layWire, type Wire } from "./wire.ts";
import { type World, worldFolder, worldOf } from "./world.ts";

export interface AzureWorld extends World {
  /** The wire to the store; parts go through it on both routes. */
  readonly wire: Wire;
  /** Take the SHA-256 of a blob, by Microsoft's own client; a missing one is `undefined`. */
  sha256(name: string): Promise<string | undefined>;
  /** Every blob's name, those too that have only blocks. */
  names(): Promise<readonly string[]>;
}

/** A server that keeps files in a container of its own, and whose page the account admits. */
export async function azureWorld(azurite: Azurite): Promise<AzureWorld> {
  const stack = new AsyncDisposableStack();
  const dir = await worldFolder(stack);
  const { account, key, endpoint } = azurite;
  const service = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key));
  const container = service.getContainerClient(`e2e-${randomUUID()}`);
  await container.create();
  const wire = stack.use(await layWire(new URL(endpoint).origin));
  const port = await freePort();
  const line = stack.use(await layWire(`http://127.0.0.1:${port}`));
  const query = new URLSearchParams({ account, endpoint: `${wire.origin}/${account}` });
  const store = `azure://${container.containerName}?${query}`;
  const options = { dir: join(dir, "data"), store, env: { AZURE_STORAGE_KEY: key }, port };
  await setCors(options, line.origin);
  const server = stack.use(await serveNaru(options));
  const world = worldOf(stack, dir, server, line);
  return { ...world, wire, sha256: (name) => sha256Of(container, name), names: () => namesIn(container) };
}

async function sha256Of(container: ContainerClient, name: string): Promise<string | undefined> {
  const blob = container.getBlobClient(name);
  if (!(await blob.exists())) return undefined;
  return createHash("sha256")
    .update(await blob.downloadToBuffer())
    .digest("hex");
}

async function namesIn(container: ContainerClient): Promise<readonly string[]> {
  const names = [];
  for await (const { name } of container.listBlobsFlat({ includeUncommitedBlobs: true })) names.push(name);
  return names;
}
