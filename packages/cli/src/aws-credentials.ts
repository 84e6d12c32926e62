export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Credentials by the standard chain: environment, shared files, SSO, web identity, instance metadata. */
export function awsCredentials(env: NodeJS.ProcessEnv = process.env): () => Promise<AwsCredentials> {
  let chain: Promise<() => Promise<AwsCredentials>> | undefined;
  return async () => {
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN, AWS_PROFILE } = env;
    const { AWS_SHARED_CREDENTIALS_FILE: filepath } = env;
    // As the chain has it: a profile that is named comes before the keys. The rest of it is loaded only if it is asked.
    if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY && !AWS_PROFILE) {
      const optional = AWS_SESSION_TOKEN ? { sessionToken: AWS_SESSION_TOKEN } : {};
      return { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY, ...optional };
    }
    chain ??= chainOf(AWS_PROFILE, filepath);
    return (await chain)();
  };
}

async function chainOf(
  profile: string | undefined,
  filepath: string | undefined,
): Promise<() => Promise<AwsCredentials>> {
  const { defaultProvider } = await import("@aws-sdk/credential-provider-node");
  return defaultProvider({ ...(profile && { profile }), ...(filepath && { filepath }) });
}
