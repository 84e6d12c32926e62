import { ceph, makeBucket } from "../../../../test/peers/shared-ceph.ts";
import { type S3StoreOptions, s3Store } from "../../src/stores/s3/s3-store.ts";

/** How to open a store in a bucket of its own on the Ceph of this run. */
export async function cephOptions(): Promise<S3StoreOptions> {
  const { endpoint, accessKey, secretKey } = ceph();
  return {
    bucket: await makeBucket(),
    endpoint,
    region: "us-east-1",
    style: "path",
    credentials: async () => ({ accessKeyId: accessKey, secretAccessKey: secretKey }),
  };
}

/** Open a store, and another one on the same bucket when asked; both are closed together. */
export async function openS3(more: Partial<S3StoreOptions> = {}) {
  const options = { ...(await cephOptions()), ...more };
  const stores = [s3Store(options)];
  const [store] = stores;
  if (store === undefined) throw new Error("Cannot open a store");
  return {
    store,
    files: store,
    reopen: async () => {
      const again = s3Store(options);
      stores.push(again);
      return again;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all(stores.map((one) => one.close()));
    },
  };
}
