import { randomUUID } from "node:crypto";
import {
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  StorageSharedKeyCredential,
} from "@azure/storage-blob";
import type { Azurite } from "../../../../test/peers/azurite.ts";
import { type AzureStoreOptions, azureStore } from "../../src/stores/azure/azure-store.ts";
import { blobPageIn } from "../../src/stores/azure/blob-answers.ts";
import { comparedBy } from "./compared-writes.ts";

/** Microsoft's own client of a new container. */
export async function makeContainer(azurite: Azurite): Promise<ContainerClient> {
  const client = serviceOf(azurite);
  const container = client.getContainerClient(`test-${randomUUID()}`);
  await container.create();
  return container;
}

/** Microsoft's own client of the whole service. */
function serviceOf({ account, key, endpoint }: Azurite): BlobServiceClient {
  return new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key));
}

/** How to open a store in a container. */
export function containerOptions(
  { account, key, endpoint }: Azurite,
  { containerName }: Pick<ContainerClient, "containerName">,
): AzureStoreOptions {
  return { account, container: containerName, endpoint, credentials: { by: "key", key } };
}

/** The names of blobs that begin so, in the service's own words. */
async function namesIn(client: ContainerClient, prefix: string): Promise<readonly string[]> {
  const permissions = ContainerSASPermissions.parse("l");
  const address = await client.generateSasUrl({ permissions, expiresOn: new Date(Date.now() + 60_000) });
  const query = `restype=container&comp=list&prefix=${encodeURIComponent(prefix)}`;
  const answer = await fetch(`${address}&${query}`);
  return blobPageIn(await answer.text()).blobs.map(({ name }) => name);
}

/** Open a store in a container of its own, and another one on the same container when asked; both are closed together. */
export async function openAzure(azurite: Azurite, more: Partial<AzureStoreOptions> = {}) {
  const client = await makeContainer(azurite);
  const options = { ...containerOptions(azurite, client), ...more };
  const stores = [azureStore(options)];
  const [store] = stores;
  if (store === undefined) throw new Error("Cannot open a store");
  return {
    store,
    files: store,
    compares: comparedBy(store.profile),
    /** Microsoft's client of the same container. */
    client,
    service: serviceOf(azurite),
    options,
    plant: async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
      const name = `${options.prefix ?? ""}${path}`;
      await client.getBlockBlobClient(name).upload(bytes, bytes.length);
      // Some names are changed on the way; and some lists their own client cannot read.
      return (await namesIn(client, name)).includes(name);
    },
    manyParts: async () => store,
    reopen: async () => {
      const again = azureStore(options);
      stores.push(again);
      return again;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(stores.map((one) => one.close()));
    },
  };
}
