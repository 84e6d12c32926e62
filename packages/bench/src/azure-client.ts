/**
 * Microsoft's own client, as the peer of the command line: `node azure-client.ts make|empty|up|down`, with what it works on as
 * JSON. Its defaults are kept, but for `block`: the size of a block, where one request for the whole file is not wanted.
 */

import { BlobServiceClient, StorageSharedKeyCredential } from "@azure/storage-blob";

/** A container at a service. */
export interface AzurePlace {
  readonly endpoint: string;
  readonly account: string;
  readonly key: string;
  readonly container: string;
}

/** What is carried. */
export interface AzureWork extends AzurePlace {
  readonly name?: string | undefined;
  readonly file?: string | undefined;
  readonly block?: number | undefined;
}

const [does = "", json = "{}"] = process.argv.slice(2);
// Written by `azure-peer.ts`.
const { endpoint, account, key, container: containerName, name = "", file = "", block } = JSON.parse(json) as AzureWork;
const service = new BlobServiceClient(endpoint, new StorageSharedKeyCredential(account, key));
const container = service.getContainerClient(containerName);

const work: Readonly<Record<string, () => Promise<unknown>>> = {
  make: () => container.create(),
  empty: async () => {
    for await (const { name } of container.listBlobsFlat()) await container.deleteBlob(name);
  },
  up: () => {
    const parts = block === undefined ? {} : { blockSize: block, maxSingleShotSize: block };
    return container.getBlockBlobClient(name).uploadFile(file, parts);
  },
  down: () => container.getBlobClient(name).downloadToFile(file),
};

await work[does]?.();
