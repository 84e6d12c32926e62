import { defaultProvider } from "@aws-sdk/credential-provider-node";

export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Credentials by the standard chain: environment, shared files, SSO, web identity, instance metadata. */
export function awsCredentials(): () => Promise<AwsCredentials> {
  return defaultProvider();
}
