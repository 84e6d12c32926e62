/** `gcs://BUCKET[/PREFIX]?endpoint=&publicEndpoint=`: a bucket of Google Cloud Storage. */

import { readFile } from "node:fs/promises";
import { isTransferError } from "@naru/core";
import type { GcsKey } from "@naru/server/gcs-store";
import { UsageError } from "../exit-code.ts";
import { endpointOf, onlyFields, prefixOf, type StoreAddress, type StoreScheme, wrongUrl } from "./store-scheme.ts";

interface GcsAddress extends StoreAddress {
  readonly kind: "gcs";
  readonly bucket: string;
  /** What every key begins with: empty, or with a final `/`. */
  readonly prefix: string;
  /** Where this server reaches it; Google's own address when it is not said. */
  readonly endpoint?: string | undefined;
  readonly publicEndpoints: readonly string[];
}

/** Where keys are looked for. An HMAC key comes first: it signs ten thousand parts in a fraction of the time. */
const hmacId = "GCS_ACCESS_KEY_ID";
const hmacSecret = "GCS_SECRET_ACCESS_KEY";
const keyFile = "GOOGLE_APPLICATION_CREDENTIALS";

function read(text: string): GcsAddress {
  const url = URL.parse(text);
  if (url === null || url.hostname === "") throw wrongUrl(text, "it names no bucket");
  if (url.username !== "" || url.password !== "") {
    throw wrongUrl(text, `keys belong into ${hmacId} and ${hmacSecret}, or into the file that ${keyFile} names`);
  }
  const query = url.searchParams;
  onlyFields(text, query, ["endpoint", "publicEndpoint"]);
  const endpoint = query.get("endpoint");
  return {
    kind: "gcs",
    bucket: url.hostname,
    prefix: prefixOf(text, url),
    endpoint: endpoint === null ? undefined : endpointOf(text, endpoint),
    publicEndpoints: query.getAll("publicEndpoint").map((one) => endpointOf(text, one)),
  };
}

async function keyIn(env: Readonly<Record<string, string | undefined>>): Promise<GcsKey> {
  const { [hmacId]: accessKeyId, [hmacSecret]: secretAccessKey, [keyFile]: path } = env;
  if (accessKeyId && secretAccessKey) return { hmac: { accessKeyId, secretAccessKey } };
  if (accessKeyId || secretAccessKey) {
    throw noKey(`${accessKeyId ? hmacSecret : hmacId} is not set, and an HMAC key is both`);
  }
  if (!path) {
    const ways = `set ${keyFile} to a service account's key file, or ${hmacId} and ${hmacSecret} to an HMAC key`;
    throw noKey(`there is no key. Please ${ways}; an access token (metadata server, workload identity) cannot sign`);
  }
  try {
    return { serviceAccount: await readFile(path, "utf8") };
  } catch (cause) {
    throw new UsageError(`Cannot open Google Cloud Storage: cannot read ${keyFile}="${path}"`, { cause });
  }
}

function noKey(why: string): UsageError {
  return new UsageError(`Cannot open Google Cloud Storage: ${why}`);
}

export const gcsScheme: StoreScheme = {
  form: "gcs://BUCKET",
  keys: { accessKeyEnv: hmacId, secretKeyEnv: hmacSecret, file: keyFile },
  read,
  async open(url, { env = process.env } = {}) {
    const { kind: _, ...address } = read(url);
    const [{ gcsStore }, key] = await Promise.all([import("@naru/server/gcs-store"), keyIn(env)]);
    try {
      return gcsStore({ ...address, key });
    } catch (error) {
      if (!isTransferError(error)) throw error;
      throw new UsageError(`${error.message} (${keyFile}="${env[keyFile]}")`, { cause: error });
    }
  },
};
