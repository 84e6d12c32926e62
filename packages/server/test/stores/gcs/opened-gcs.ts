import { readFileSync } from "node:fs";
import { type GcsFront, startGcsFront } from "../../../../../test/peers/gcs-front.ts";
import { ceph, makeBucket } from "../../../../../test/peers/shared-ceph.ts";
import { type GcsKey, type GcsStoreOptions, gcsStore } from "../../../src/stores/gcs/gcs-store.ts";
import { comparedBy } from "../compared-writes.ts";
import { openS3 } from "../opened-bucket.ts";

/** Google's own key file for tests. */
export const keyFile: string = readFileSync(new URL("service-account.json", import.meta.url), "utf8");

/** What Google's documents say, in front of the Ceph of this run. */
export function googleFront(): Promise<GcsFront> {
  return startGcsFront({ keyFile, server: ceph() });
}

/** The HMAC key of the Ceph of this run, which reads such signatures as Google does. */
export function cephHmac(): GcsKey {
  const { accessKey: accessKeyId, secretKey: secretAccessKey } = ceph();
  return { hmac: { accessKeyId, secretAccessKey } };
}

/** Open a store in a bucket of its own, and again when asked; all are closed together. */
export async function openGcs(endpoint: string, key: GcsKey, more: Partial<GcsStoreOptions> = {}) {
  const bucket = await makeBucket();
  const options = { prefix: "in/", ...more, bucket, endpoint, key };
  const other = await openS3({ bucket, prefix: options.prefix });
  const stores = [gcsStore(options)];
  const [store] = stores;
  if (store === undefined) throw new Error("Cannot open a store");
  return {
    store,
    files: store,
    compares: comparedBy(store.profile),
    bucket,
    plant: other.plant,
    reopen: async () => {
      const again = gcsStore(options);
      stores.push(again);
      return again;
    },
    [Symbol.asyncDispose]: async () => {
      await other[Symbol.asyncDispose]();
      await Promise.all(stores.map((one) => one.close()));
    },
  };
}
