/**
 * Google Cloud Storage by its XML API, which speaks as S3 does, multipart uploads included
 * (https://cloud.google.com/storage/docs/multipart-uploads). It is the store of `../s3` with another key and the facts of a
 * profile; nothing is asked of Google but what is asked of S3.
 */

import type { Files, Store } from "@naru/core";
import { gcs } from "../profiles/gcs.ts";
import { fact, type StoreProfile, type WriteCondition } from "../profiles/store-profile.ts";
import { hmacKey, type S3Credentials } from "../s3/hmac-key.ts";
import { type Bucket, type BucketOptions, bucketStore } from "../s3/s3-store.ts";
import type { SigningKey } from "../s3/signature-v4.ts";
import { serviceAccountKey } from "./service-account.ts";

/** What signs: the text of a service account's key file, or an HMAC key of one. */
export type GcsKey =
  | { readonly serviceAccount: string }
  | { readonly hmac: Pick<S3Credentials, "accessKeyId" | "secretAccessKey"> };

export interface GcsStoreOptions extends Omit<BucketOptions, "endpoint" | "style" | "profile"> {
  readonly key: GcsKey;
  /** Where this server reaches it; Google's own address by default. */
  readonly endpoint?: string | undefined;
}

/** Of the versions that a bucket keeps, Google tells the generations, in words that are not those of S3. */
export type GcsStore = Store & Required<Files> & Omit<Bucket, "versions">;

const googleEndpoint = "https://storage.googleapis.com";
/** Google takes any region in a signature, and calls this one that of its own choice. */
const region = "auto";
const migration = "https://cloud.google.com/storage/docs/aws-simple-migration";

/**
 * Keep files in a bucket of Google Cloud Storage. Nothing is asked of it until the first call.
 *
 * @throws {TransferError} `invalid` when the service account's key file is none
 */
export function gcsStore({ key, endpoint = googleEndpoint, ...options }: GcsStoreOptions): GcsStore {
  const { signing, profile } = signingBy(key);
  const { versions: _, ...store } = bucketStore({ ...options, endpoint, style: "path", profile }, async () => signing);
  return store;
}

function signingBy(key: GcsKey): { readonly signing: SigningKey; readonly profile: StoreProfile } {
  if ("serviceAccount" in key) return { signing: serviceAccountKey(key.serviceAccount), profile: gcs };
  // Signed as for AWS, a request has no header of Google's own.
  const conditionalCreate = fact<WriteCondition>("ignored", migration);
  return { signing: hmacKey(key.hmac, region), profile: { ...gcs, conditionalCreate } };
}
