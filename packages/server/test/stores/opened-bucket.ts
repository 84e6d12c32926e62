import { PutBucketVersioningCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type CephAccess, ceph, makeBucket } from "../../../../test/peers/shared-ceph.ts";
import { type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.ts";
import { comparedBy } from "./compared-writes.ts";

/** How to open a store in a bucket of its own on the Ceph of this run. */
export function cephOptions(): Promise<S3StoreOptions> {
  return optionsAt(ceph());
}

/** How to open a store in a bucket of its own on this server. */
async function optionsAt(server: CephAccess): Promise<S3StoreOptions> {
  const { endpoint, accessKey, secretKey } = server;
  return {
    bucket: await makeBucket(server),
    endpoint,
    region: "us-east-1",
    style: "path",
    credentials: async () => ({ accessKeyId: accessKey, secretAccessKey: secretKey }),
  };
}

/** Writes objects as another program does, with its own client. */
async function otherProgram({ bucket, credentials, endpoint, region }: S3StoreOptions) {
  const { accessKeyId, secretAccessKey } = await credentials();
  const client = new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
  return {
    put: (key: string, bytes: Uint8Array) =>
      client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, ContentLength: bytes.length })),
    [Symbol.dispose]: () => client.destroy(),
  };
}

/** Have a bucket keep what its objects were. */
export async function keepVersions(bucket: string, server: CephAccess = ceph()): Promise<void> {
  const { accessKey: accessKeyId, endpoint, secretKey: secretAccessKey } = server;
  const credentials = { accessKeyId, secretAccessKey };
  const client = new S3Client({ endpoint, region: "us-east-1", forcePathStyle: true, credentials });
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration }));
  client.destroy();
}

/** Open a store, and another one on the same bucket when asked; both are closed together. */
export async function openS3(more: Partial<S3StoreOptions> = {}, server: CephAccess = ceph()) {
  const options = { ...(await optionsAt(server)), ...more };
  const stores = [s3Store(options)];
  const other = await otherProgram(options);
  const [store] = stores;
  if (store === undefined) throw new Error("Cannot open a store");
  const openAgain = async (limits = options.limits): Promise<typeof store> => {
    const again = s3Store({ ...options, limits });
    stores.push(again);
    return again;
  };
  return {
    store,
    bucket: options.bucket,
    files: store,
    compares: comparedBy(store.profile),
    plant: async (path: string, bytes: Uint8Array<ArrayBuffer>) => {
      await other.put(`${options.prefix ?? ""}${path}`, bytes);
      return true;
    },
    reopen: () => openAgain(),
    /** The same bucket by parts of one byte; that needs no other limits at the store while nothing is completed. */
    openTiny: () => openAgain({ ...options.limits, minPartSize: 1 }),
    [Symbol.asyncDispose]: async () => {
      other[Symbol.dispose]();
      await Promise.all(stores.map((one) => one.close()));
    },
  };
}
