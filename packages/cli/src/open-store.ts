/** Opens the store that a URL names: the one place where concrete stores are known. */

import type { ServedStore } from "@naru/server";
import type { Bucket } from "@naru/server/s3-store";
import { refuseOtherKeys, type StoreKeys } from "./store-keys.ts";
import { readStoreUrl, type S3Address } from "./store-url.ts";

/** A store that may have what only a bucket has. */
export type OpenedStore = ServedStore & Partial<Pick<Bucket, "setCors" | "close">>;

/** Open it; what is not used is not loaded. Its keys are those of the environment, or `keys`. @throws {UsageError} if the URL is not one of a store */
export async function openStore(url: string, keys: StoreKeys = {}): Promise<OpenedStore> {
  const address = readStoreUrl(url);
  if (address.kind === "s3") return openBucket(address, keys);
  refuseOtherKeys(keys, url, []);
  const { fileStore } = await import("@naru/server/file-store");
  return fileStore(address.folder);
}

async function openBucket(
  { kind: _, equalParts, maxParts, ...address }: S3Address,
  keys: StoreKeys,
): Promise<OpenedStore> {
  refuseOtherKeys(keys, `s3://${address.bucket}`, ["accessKey", "secretKey", "sessionToken", "profile", "file"]);
  const [{ s3Store }, { awsCredentials }] = await Promise.all([
    import("@naru/server/s3-store"),
    import("./aws-credentials.ts"),
  ]);
  return s3Store({
    ...address,
    limits: { equalParts, ...(maxParts !== undefined && { maxParts }) },
    credentials: awsCredentials(keys),
  });
}
