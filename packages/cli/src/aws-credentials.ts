import { defaultProvider } from "@aws-sdk/credential-provider-node";
import type { StoreKeys } from "./store-keys.ts";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Keys that are given, or those of a profile or file; without either by the standard chain: environment, shared files, SSO, web identity, instance metadata. */
export function awsCredentials({
  accessKey,
  file,
  profile,
  secretKey,
  sessionToken,
}: StoreKeys = {}): () => Promise<AwsCredentials> {
  if (accessKey !== undefined && secretKey !== undefined) {
    const fixed = { accessKeyId: accessKey, secretAccessKey: secretKey, sessionToken };
    return async () => fixed;
  }
  if (profile === undefined && file === undefined) return defaultProvider();
  // A profile keeps the environment's own keys out.
  return defaultProvider({ profile: profile ?? "default", ...(file !== undefined && { filepath: file }) });
}
