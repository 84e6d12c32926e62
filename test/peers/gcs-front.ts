/**
 * Google Cloud Storage as far as its documents tell, in front of a real S3 server: it checks each request's signature with the
 * public key of a service account, turns Google's words into those of S3, and sends it on, signed anew. Nothing that Google
 * lacks gets through: no `x-amz-` header, no copied part, no removal of what is not there.
 */

import { createHash } from "node:crypto";
import { Agent, createServer, type IncomingMessage, type ServerResponse, request as send } from "node:http";
import { buffer } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { hmacKey } from "../../packages/server/src/stores/s3/hmac-key.ts";
import { signV4 } from "../../packages/server/src/stores/s3/signature-v4.ts";
import { accountIn, type Checked, checkSignature, pairsOf, Refusal } from "./goog-signature.ts";
import { answerOfGoogle, corsForS3, opaque, requestForS3 } from "./goog-words.ts";
import type { CephAccess } from "./shared-ceph.ts";

export interface GcsFrontOptions {
  /** The text of the service account's key file. */
  readonly keyFile: string;
  /** What is behind it. */
  readonly server: CephAccess;
  readonly host?: string | undefined;
}

/** A request that came through. */
export interface PassedRequest extends Pick<Checked, "signedIn"> {
  readonly method: string;
  readonly url: string;
}

export interface GcsFront extends AsyncDisposable {
  readonly endpoint: string;
  readonly passed: PassedRequest[];
  /** Codes and reasons of those that did not. */
  readonly refused: string[];
}

/** Ceph's second answer on a connection is late (`s3-control.ts`). */
const agent = new Agent({ keepAlive: false });

/** Start one; a free port is taken. */
export async function startGcsFront({ keyFile, server, host = "127.0.0.1" }: GcsFrontOptions): Promise<GcsFront> {
  const account = accountIn(keyFile);
  const passed: PassedRequest[] = [];
  const refused: string[] = [];

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = "", url = "" } = request;
    if (method === "OPTIONS") return forward(request, response, {});
    const checked = checkSignature(request, account);
    passed.push({ method, url, signedIn: checked.signedIn });
    return forward(request, response, checked);
  }

  async function forward(request: IncomingMessage, response: ServerResponse, { bodyHash }: Partial<Checked>) {
    const target = targetOf(request);
    if (target.query["partNumber"] !== undefined && request.headers["x-goog-copy-source"] !== undefined) {
      throw new Refusal(400, "InvalidArgument", "A part cannot be copied");
    }
    const body = bodyHash === undefined ? undefined : await buffer(request);
    if (body !== undefined && createHash("sha256").update(body).digest("hex") !== bodyHash) {
      throw new Refusal(400, "BadDigest", "The body is not the one that was signed");
    }
    if (request.method === "DELETE" && target.query["uploadId"] === undefined) {
      const head = await ask("HEAD", target, {});
      head.resume();
      if (head.statusCode === 404) throw new Refusal(404, "NoSuchKey", "The specified key does not exist.");
    }
    const cors = target.query["cors"] === undefined ? undefined : corsForS3(String(body ?? (await buffer(request))));
    const known = cors ?? body ?? (hasBody(request) ? undefined : "");
    const headers = requestForS3(request.headers);
    if (cors !== undefined) {
      headers["content-md5"] = createHash("md5").update(cors).digest("base64");
      headers["content-length"] = String(Buffer.byteLength(cors));
    }
    const got = await ask(request.method ?? "", target, headers, known ?? request);
    const answered = answerOfGoogle(got.headers);
    if (request.method !== "POST" && target.key !== "" && !("x-amz-copy-source" in headers)) {
      response.writeHead(got.statusCode ?? 502, answered);
      return pipeline(got, response);
    }
    const text = opaque((await buffer(got)).toString("utf8"));
    delete answered["transfer-encoding"];
    response.writeHead(got.statusCode ?? 502, { ...answered, "content-length": String(Buffer.byteLength(text)) });
    response.end(text);
  }

  async function ask(
    method: string,
    { path, query }: Target,
    headers: Readonly<Record<string, string>>,
    body: IncomingMessage | Buffer | string = "",
  ): Promise<IncomingMessage> {
    const { host: name, hostname, port } = new URL(server.endpoint);
    const key = hmacKey({ accessKeyId: server.accessKey, secretAccessKey: server.secretKey }, "us-east-1");
    const signing = { method, path, query, headers: { ...headers, host: name } };
    // A browser that asks for CORS has no key, and what it asks about may not depend on one.
    const signed = method === "OPTIONS" ? signing.headers : await signV4(key, signing, { date: new Date() });
    const search = new URLSearchParams(query).toString().replaceAll("+", "%20");
    const outgoing = send({
      hostname,
      port,
      method,
      path: search === "" ? path : `${path}?${search}`,
      headers: signed,
      agent,
    });
    const answered = new Promise<IncomingMessage>((resolve, reject) => {
      outgoing.once("response", resolve);
      outgoing.once("error", reject);
    });
    if (typeof body === "string" || Buffer.isBuffer(body)) outgoing.end(body);
    else await Promise.race([pipeline(body, outgoing), answered]);
    return answered;
  }

  const front = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      if (!(error instanceof Refusal)) return response.destroy();
      refused.push(`${error.code}: ${error.message}`);
      const xml = `<?xml version='1.0' encoding='UTF-8'?><Error><Code>${error.code}</Code><Message>${error.message}</Message></Error>`;
      const headers = { "content-type": "application/xml", "content-length": String(Buffer.byteLength(xml)) };
      // The rest of a body that is not wanted is not waited for.
      response.writeHead(error.status, { ...headers, connection: "close" }).end(request.method === "HEAD" ? "" : xml);
      return undefined;
    });
  });
  await new Promise<void>((listening) => front.listen(0, host, listening));
  const address = front.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    endpoint: `http://${host}:${port}`,
    passed,
    refused,
    async [Symbol.asyncDispose]() {
      front.closeAllConnections();
      await new Promise((closed) => front.close(closed));
    },
  };
}

interface Target {
  /** As it came: percent-encoded. */
  readonly path: string;
  /** Within the bucket; empty for the bucket itself. */
  readonly key: string;
  readonly query: Readonly<Record<string, string>>;
}

function targetOf({ url = "" }: IncomingMessage): Target {
  const [path = "", search = ""] = url.split("?");
  const pairs = pairsOf(search).filter(([name]) => !name.startsWith("X-Goog-"));
  return { path, key: path.split("/").slice(2).join("/"), query: Object.fromEntries(pairs) };
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;
}
