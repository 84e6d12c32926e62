import { createHmac, createSecretKey, type KeyObject } from "node:crypto";
import type { SigningKey } from "./signature-v4.ts";

/** An access key and its secret. `expiration` bounds how long a presigned request can last. */
export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly expiration?: Date | undefined;
}

/** Sign with a secret that the store knows too (`AWS4-HMAC-SHA256`). */
export function hmacKey(credentials: S3Credentials, region: string): SigningKey {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } = credentials;
  let derived: { readonly day: string; readonly key: KeyObject } | undefined;

  function keyOf(day: string): KeyObject {
    if (derived?.day !== day) {
      const steps = [day, region, "s3", "aws4_request"];
      const key = steps.reduce<Buffer>((last, step) => hmac(last, step), Buffer.from(`AWS4${secretAccessKey}`));
      derived = { day, key: createSecretKey(key) };
    }
    return derived.key;
  }

  return {
    algorithm: "AWS4-HMAC-SHA256",
    prefix: "X-Amz-",
    id: accessKeyId,
    expiration,
    query: {
      "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
      ...(sessionToken && { "X-Amz-Security-Token": sessionToken }),
    },
    headers: sessionToken ? { "x-amz-security-token": sessionToken } : {},
    scope: (day) => `${day}/${region}/s3/aws4_request`,
    sign: (text, day) => hmac(keyOf(day), text).toString("hex"),
    spell: (headers) => headers,
  };
}

/** Keep the key while the credentials are the same, so that it is derived once a day. */
export function hmacKeys(credentials: () => Promise<S3Credentials>, region: string): () => Promise<SigningKey> {
  let last: { readonly of: S3Credentials; readonly key: SigningKey } | undefined;
  return async () => {
    const now = await credentials();
    if (last === undefined || !isSame(last.of, now)) last = { of: now, key: hmacKey(now, region) };
    return last.key;
  };
}

function isSame(one: S3Credentials, other: S3Credentials): boolean {
  return (
    one.accessKeyId === other.accessKeyId &&
    one.secretAccessKey === other.secretAccessKey &&
    one.sessionToken === other.sessionToken &&
    one.expiration?.getTime() === other.expiration?.getTime()
  );
}

function hmac(key: Buffer | KeyObject, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}
