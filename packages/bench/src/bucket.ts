/**
 * A bucket as the peers need it: presigned requests (AWS Signature Version 4 in the query) and multipart calls.
 * Our own few lines, so that no peer and no measured path shares its signer with Naru.
 */

import { createHash, createHmac } from "node:crypto";
import { request } from "node:http";

/** An S3 store with its keys. */
export interface S3 {
  readonly endpoint: string;
  readonly accessKey: string;
  readonly secretKey: string;
}

export class Bucket {
  readonly s3: S3;
  readonly name: string;

  constructor(s3: S3, name: string) {
    this.s3 = s3;
    this.name = name;
  }

  /** Spell out a request on `key` that whoever holds the URL may make for a day. */
  presign(method: string, key: string, query: Readonly<Record<string, string>> = {}): string {
    const url = new URL(`/${this.name}${key === "" ? "" : `/${encodePath(key)}`}`, this.s3.endpoint);
    const when = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
    const scope = `${when.slice(0, 8)}/us-east-1/s3/aws4_request`;
    const signed: Record<string, string> = {
      ...query,
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${this.s3.accessKey}/${scope}`,
      "X-Amz-Date": when,
      "X-Amz-Expires": "86400",
      "X-Amz-SignedHeaders": "host",
    };
    const canonicalQuery = Object.keys(signed)
      .sort()
      .map((name) => `${encode(name)}=${encode(signed[name] ?? "")}`)
      .join("&");
    const canonical = [method, url.pathname, canonicalQuery, `host:${url.host}\n`, "host", "UNSIGNED-PAYLOAD"].join(
      "\n",
    );
    const text = ["AWS4-HMAC-SHA256", when, scope, createHash("sha256").update(canonical).digest("hex")].join("\n");
    const signature = hmac(this.#signingKey(when.slice(0, 8)), text).toString("hex");
    return `${url.origin}${url.pathname}?${canonicalQuery}&X-Amz-Signature=${signature}`;
  }

  /** Make the bucket; one that is there already is fine. */
  async make(): Promise<void> {
    await this.#call("PUT", "");
  }

  /** Open it to pages of any origin. */
  async admitPages(): Promise<void> {
    const rule =
      "<AllowedOrigin>*</AllowedOrigin><AllowedHeader>*</AllowedHeader><ExposeHeader>ETag</ExposeHeader>" +
      ["GET", "HEAD", "PUT", "POST", "DELETE"].map((method) => `<AllowedMethod>${method}</AllowedMethod>`).join("");
    await this.#call("PUT", "", { cors: "" }, `<CORSConfiguration><CORSRule>${rule}</CORSRule></CORSConfiguration>`);
  }

  /** Use each of its ways once: a new Ceph makes the pools of objects and of uploads at first use, which takes a second. */
  async warmUp(): Promise<void> {
    await this.#call("PUT", "warm");
    const uploadId = await this.createMultipart("warm");
    await this.#call("PUT", "warm", { partNumber: "1", uploadId }, "warm");
    await this.abortMultipart("warm", uploadId);
    await this.remove("warm");
  }

  async createMultipart(key: string): Promise<string> {
    return xmlValue(await this.#call("POST", key, { uploads: "" }), "UploadId") ?? "";
  }

  async completeMultipart(key: string, uploadId: string, etags: readonly string[]): Promise<void> {
    const parts = etags.map((etag, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>${etag}</ETag></Part>`).join("");
    await this.#call("POST", key, { uploadId }, `<CompleteMultipartUpload>${parts}</CompleteMultipartUpload>`);
  }

  async abortMultipart(key: string, uploadId: string): Promise<void> {
    await this.#call("DELETE", key, { uploadId });
  }

  /** Parts that the store holds of the unfinished upload of `key`; 0 when there is none. */
  async partsHeld(key: string): Promise<number> {
    const uploads = await this.#call("GET", "", { uploads: "", prefix: key });
    const id = xmlValue(uploads, "UploadId");
    if (id === undefined) return 0;
    const parts = await this.#call("GET", key, { uploadId: id });
    return parts.split("<PartNumber>").length - 1;
  }

  /** How many objects there are under `prefix`, up to 1,000 a page, all pages. */
  async count(prefix: string): Promise<number> {
    let marker = "";
    for (let total = 0; ; ) {
      const page = await this.#call("GET", "", { prefix, marker });
      const keys = [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => key ?? "");
      total += keys.length;
      marker = keys.at(-1) ?? "";
      if (!page.includes("<IsTruncated>true</IsTruncated>")) return total;
    }
  }

  async size(key: string): Promise<number | undefined> {
    const page = await this.#call("GET", "", { prefix: key });
    const size = xmlValue(page, "Size");
    return size === undefined ? undefined : Number(size);
  }

  async remove(key: string): Promise<void> {
    await this.#call("DELETE", key);
  }

  /** Remove every object, so that the next round finds the same store. */
  async empty(): Promise<void> {
    for (;;) {
      const page = await this.#call("GET", "");
      const keys = [...page.matchAll(/<Key>([^<]*)<\/Key>/g)].map(([, key]) => unescapeXml(key ?? ""));
      if (keys.length === 0) return;
      for (let i = 0; i < keys.length; i += 16) await Promise.all(keys.slice(i, i + 16).map((key) => this.remove(key)));
    }
  }

  /** Wait for work, then remove every object. */
  async emptiedAfter<T>(work: Promise<T>): Promise<T> {
    const result = await work;
    await this.empty();
    return result;
  }

  async #call(method: string, key: string, query: Readonly<Record<string, string>> = {}, body = ""): Promise<string> {
    const { status, text } = await exchange(method, this.presign(method, key, query), body);
    if (status >= 300 && status !== 404 && status !== 409)
      throw new Error(`Cannot ${method} "${key}": ${status}: ${text}`);
    return text;
  }

  #signingKey(date: string): Buffer {
    return ["us-east-1", "s3", "aws4_request"].reduce(hmac, hmac(Buffer.from(`AWS4${this.s3.secretKey}`), date));
  }
}

function exchange(method: string, url: string, body: string): Promise<{ status: number; text: string }> {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const headers = {
    "content-length": Buffer.byteLength(body),
    "content-md5": createHash("md5").update(body).digest("base64"),
  };
  const outgoing = request(url, { method, headers: body === "" ? { "content-length": 0 } : headers }, (answer) => {
    let text = "";
    answer.setEncoding("utf8").on("data", (more: string) => {
      text += more;
    });
    answer.once("end", () => resolve({ status: answer.statusCode ?? 0, text }));
    answer.once("error", reject);
  });
  outgoing.once("error", reject).end(body);
  return promise;
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac("sha256", key).update(text).digest();
}

function xmlValue(text: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(text)?.[1];
}

function unescapeXml(text: string): string {
  return text.replace(
    /&(amp|lt|gt|quot|apos);/g,
    (_, name: string) => ({ amp: "&", lt: "<", gt: ">", quot: '"' })[name] ?? "'",
  );
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodePath(key: string): string {
  return key.split("/").map(encode).join("/");
}
