/**
 * A bucket of a real S3 store, spoken to by itself: nothing of what is tested helps to look at what arrived.
 * Signature Version 4 in headers, path style, unsigned payloads.
 */

import { createHash, createHmac, randomUUID } from "node:crypto";
import { needs } from "../peers/needs.ts";
import { ofCeph } from "../peers/programs.ts";
import { sha256Stream } from "./big-file.ts";

needs(...ofCeph);

/** Where a store is and who we are there. */
export interface S3Address {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The store that the runner has started for all tests. */
export function sharedS3(): S3Address {
  const text = process.env["NARU_TEST_S3"];
  if (!text) throw new Error("Cannot test with S3: NARU_TEST_S3 is not set; run npm test");
  return JSON.parse(text) as S3Address;
}

const region = "us-east-1";

/** One bucket, made for one test. */
export class Bucket implements AsyncDisposable {
  readonly name: string;
  readonly place: S3Address;

  private constructor(name: string, place: S3Address) {
    this.name = name;
    this.place = place;
  }

  static async make(place: S3Address = sharedS3()): Promise<Bucket> {
    const bucket = new Bucket(`e2e-${randomUUID().slice(0, 8)}`, place);
    await bucket.#call("PUT", "");
    return bucket;
  }

  /** Write the URL that `naru serve --store` takes; `endpoint` may be a wire in front of the store. */
  storeUrl(endpoint: string = this.place.endpoint): string {
    return `s3://${this.name}?${new URLSearchParams({ endpoint, region, style: "path" })}`;
  }

  /** What `naru serve` needs in its environment. */
  get credentials(): Record<string, string> {
    return {
      AWS_ACCESS_KEY_ID: this.place.accessKey,
      AWS_SECRET_ACCESS_KEY: this.place.secretKey,
      AWS_REGION: region,
    };
  }

  /** Take the SHA-256 of an object; a missing one is `undefined`. */
  async sha256(key: string): Promise<string | undefined> {
    const response = await this.#call("GET", key, "", [200, 404]);
    if (response.status === 404 || !response.body) return undefined;
    return sha256Stream(response.body);
  }

  /** Write an object as another program does. */
  async put(key: string, body: string | Uint8Array<ArrayBuffer>, headers: Record<string, string> = {}): Promise<void> {
    await this.#call("PUT", key, "", [200], { body, headers });
  }

  /** Read an object whole. */
  async read(key: string): Promise<string> {
    return (await this.#call("GET", key)).text();
  }

  /** What the store says of an object. */
  async head(key: string): Promise<Headers> {
    return (await this.#call("HEAD", key)).headers;
  }

  /** Count the uploads that were begun and neither completed nor aborted. */
  async unfinished(): Promise<number> {
    const text = await (await this.#call("GET", "", "uploads=")).text();
    return text.split("<UploadId>").length - 1;
  }

  /** End every unfinished upload, as a store does by itself after a time of its own, or another program. */
  async endUploads(): Promise<number> {
    const text = await (await this.#call("GET", "", "uploads=")).text();
    const found = [...text.matchAll(/<Key>([^<]*)<\/Key><UploadId>([^<]*)<\/UploadId>/g)];
    for (const [, key = "", id = ""] of found) await this.#call("DELETE", key, `uploadId=${strictEncode(id)}`);
    return found.length;
  }

  /** Read the CORS rules, as XML; none is "". */
  async cors(): Promise<string> {
    const response = await this.#call("GET", "", "cors=", [200, 404]);
    return response.status === 200 ? response.text() : "";
  }

  /** Write the CORS rules, as XML. */
  async setCors(rules: string): Promise<void> {
    await this.#call("PUT", "", "cors=", [200], { body: rules });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (let keys = await this.keys(); keys.length > 0; keys = keys.length < 1000 ? [] : await this.keys()) {
      for (const key of keys) await this.#call("DELETE", key, "", [204, 404]);
    }
    // Unfinished uploads may keep it; the store ends with the run.
    await this.#call("DELETE", "", "", [204, 404, 409]);
  }

  /** List what lies there, up to 1,000 keys. */
  async keys(): Promise<string[]> {
    const text = await (await this.#call("GET", "", "encoding-type=url&list-type=2")).text();
    return [...text.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key = ""]) =>
      decodeURIComponent(key.replaceAll("&apos;", "'").replaceAll("+", " ")),
    );
  }

  async #call(
    method: string,
    key: string,
    query = "",
    expected: readonly number[] = [200, 204],
    { body, headers: more = {} }: { body?: string | Uint8Array<ArrayBuffer>; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const path = `/${this.name}${key === "" ? "" : `/${key.split("/").map(strictEncode).join("/")}`}`;
    const headers = { ...signedHeaders(this.place, method, path, query, more), ...more };
    const url = `${this.place.endpoint}${path}${query ? `?${query}` : ""}`;
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    if (!expected.includes(response.status)) {
      throw new Error(`Cannot ${method} "${path}": ${response.status} ${await response.text()}`);
    }
    return response;
  }
}

function strictEncode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** Sign one request: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signedHeaders(
  place: S3Address,
  method: string,
  path: string,
  query: string,
  more: Readonly<Record<string, string>>,
): Record<string, string> {
  const date = new Date().toISOString().replace(/[-:]|\.\d{3}/g, "");
  const scope = `${date.slice(0, 8)}/${region}/s3/aws4_request`;
  const amz = Object.entries(more).filter(([name]) => name.startsWith("x-amz-"));
  const own = { host: new URL(place.endpoint).host, "x-amz-content-sha256": "UNSIGNED-PAYLOAD", "x-amz-date": date };
  const signed = Object.fromEntries([...Object.entries(own), ...amz].sort(([a], [b]) => (a < b ? -1 : 1)));
  const names = Object.keys(signed).join(";");
  const lines = Object.entries(signed).map(([name, value]) => `${name}:${value}\n`);
  const canonical = [method, path, query, lines.join(""), names, "UNSIGNED-PAYLOAD"].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", date, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
  const key = [date.slice(0, 8), region, "s3", "aws4_request"].reduce<Buffer>(
    (secret, text) => createHmac("sha256", secret).update(text).digest(),
    Buffer.from(`AWS4${place.secretKey}`),
  );
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  return {
    "x-amz-content-sha256": "UNSIGNED-PAYLOAD",
    "x-amz-date": date,
    authorization: `AWS4-HMAC-SHA256 Credential=${place.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
