/** Serves the peers' page and signs for it. */

import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import type { Bucket } from "./bucket.ts";
import { output } from "./command.ts";

export interface PeerServer extends AsyncDisposable {
  readonly origin: string;
}

const types: Readonly<Record<string, string>> = { ".html": "text/html", ".js": "text/javascript" };

/** Bundle the page with vite into `dir` and serve it at `host`, signing for `bucket`. */
export async function peerServer(bucket: Bucket, { host, dir }: { host: string; dir: string }): Promise<PeerServer> {
  const root = new URL("../../..", import.meta.url).pathname;
  const page = new URL("./page", import.meta.url).pathname;
  const vite = join(root, "node_modules/vite/bin/vite.js");
  await output([process.execPath, vite, "build", page, "--outDir", dir, "--emptyOutDir", "--logLevel", "error"]);
  const server = createServer((request, response) => {
    answer(request, bucket, dir).then(
      ({ type, body }) => response.writeHead(200, { "content-type": type }).end(body),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  return { origin: `http://${host}:${port}`, [Symbol.asyncDispose]: () => close(server) };
}

async function answer(
  request: IncomingMessage,
  bucket: Bucket,
  dir: string,
): Promise<{ type: string; body: Buffer | string }> {
  const path = request.url ?? "/";
  if (path.startsWith("/signer/")) {
    const result = await sign(path.slice("/signer/".length), JSON.parse(await text(request)) as SignerCall, bucket);
    return { type: "application/json", body: JSON.stringify(result) };
  }
  const file = normalize(path === "/" ? "/index.html" : path);
  return { type: types[extname(file)] ?? "application/octet-stream", body: await readFile(join(dir, file)) };
}

/** What our own page (`page/signer.ts`) asks. */
interface SignerCall {
  readonly key: string;
  readonly uploadId: string;
  readonly partNumber: number;
  readonly etags: readonly string[];
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
}

async function sign(name: string, call: SignerCall, bucket: Bucket): Promise<object> {
  if (name === "create") return { key: call.key, uploadId: await bucket.createMultipart(call.key) };
  if (name === "sign-put") return { url: bucket.presign("PUT", call.key) };
  if (name === "sign-get") return { url: bucket.presign("GET", call.key) };
  if (name === "sign-request") return { url: bucket.presign(call.method, call.key, call.query) };
  if (name === "complete") {
    await bucket.completeMultipart(call.key, call.uploadId, call.etags);
    return {};
  }
  return { url: bucket.presign("PUT", call.key, { partNumber: String(call.partNumber), uploadId: call.uploadId }) };
}

async function text(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request.setEncoding("utf8")) body += chunk;
  return body;
}

function close(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
