/** HTTPS in front of a server, as a reverse proxy gives it, with a certificate that nobody signed. */

import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { request } from "node:http";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { promisify } from "node:util";
import { needs } from "../peers/needs.ts";

needs("openssl");

export interface HttpsFront extends AsyncDisposable {
  readonly origin: string;
}

export interface HttpsFrontOptions {
  readonly folder: string;
  /** For how long the certificate is good; negative when it is over. */
  readonly days?: number | undefined;
}

/** Listen on a free port of 127.0.0.2, which no program takes for itself; the key is made in `folder`. */
export async function httpsFront(behind: string, { folder, days = 2 }: HttpsFrontOptions): Promise<HttpsFront> {
  const [keyFile, certFile, askFile] = [
    join(folder, "front.key"),
    join(folder, "front.pem"),
    join(folder, "front.csr"),
  ];
  const subject = ["-subj", "/CN=127.0.0.2", "-addext", "subjectAltName=IP:127.0.0.2"];
  const openssl = (...args: readonly string[]) => promisify(execFile)("openssl", args);
  // In two steps: only the second takes days that are over.
  await openssl("req", "-newkey", "rsa:2048", "-nodes", ...subject, "-keyout", keyFile, "-out", askFile);
  const signed = ["-signkey", keyFile, "-copy_extensions", "copy", "-days", String(days), "-out", certFile];
  await openssl("x509", "-req", "-in", askFile, ...signed);
  const [key, cert] = await Promise.all([readFile(keyFile), readFile(certFile)]);
  const server = createServer({ key, cert }, (incoming, outgoing) => {
    const { method = "GET", headers, url = "/" } = incoming;
    const forward = request(new URL(url, behind), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    forward.on("error", () => outgoing.destroy());
    incoming.pipe(forward);
  });
  server.listen(0, "127.0.0.2");
  await once(server, "listening");
  const { port: at } = server.address() as AddressInfo;
  return {
    origin: `https://127.0.0.2:${at}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
