/** Opens the store that a URL names: the one place where concrete stores are known. */

import type { Files, Store } from "@naru/core";
import type { Bucket } from "@naru/server/s3-store";
import { readStoreUrl, type S3Place } from "./store-url.ts";

/** A store that may have what only a bucket has. */
export type OpenedStore = Store & Files & Partial<Omit<Bucket, "probes">> & { probes?(): readonly string[] };

/** Open it; what is not used is not loaded. @throws {UsageError} if the URL is not one of a store */
export async function openStore(url: string): Promise<OpenedStore> {
  const place = readStoreUrl(url);
  if (place.kind === "s3") return openBucket(place);
  const { fileStore } = await import("@naru/server/file-store");
  return fileStore(place.folder);
}

async function openBucket({ kind: _, ...place }: S3Place): Promise<OpenedStore> {
  const [{ s3Store }, { awsCredentials }] = await Promise.all([
    import("@naru/server/s3-store"),
    import("./aws-credentials.ts"),
  ]);
  const store = s3Store({ ...place, credentials: awsCredentials() });
  const probes = await store.probes();
  return { ...store, probes: () => probes };
}
