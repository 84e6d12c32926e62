import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Files, Store } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { needs } from "../../../../test/peers/needs.ts";
import { type FtpServerOptions, ftpServer } from "../../src/ftp/ftp-server.ts";
import { silentLog } from "../../src/logger.ts";
import { openGateway } from "../gateway/opened-gateway.ts";
import { tempFolder } from "../stores/temp-folder.ts";

needs("openssl");

export const user = "kim";
export const password = "naru-naru";

export interface FtpOptions extends Partial<FtpServerOptions> {
  readonly store?: Store & Files;
  readonly host?: string;
  readonly memoryBytes?: number;
}

/** Open an FTP door over a gateway, in memory unless told otherwise, with one account, on a free port. */
export async function openFtp({
  host = "127.0.0.1",
  limits,
  memoryBytes,
  store = memoryStore(),
  ...options
}: FtpOptions = {}) {
  const place = openGateway(store, memoryBytes === undefined ? {} : { memoryBytes });
  const door = ftpServer({
    gateway: place.gateway,
    authenticate: async (name, secret) => (name === user && secret === password ? { name } : undefined),
    passive: { from: 0, to: 0 },
    log: silentLog(),
    limits: { failureDelayMs: 1, ...limits },
    ...options,
  });
  const { port } = await door.listen({ host, port: 0 });
  return {
    port,
    store,
    url: `ftp://${user}:${password}@127.0.0.1:${port}/`,
    /** What the account would see. */
    files: place.gateway.open(user),
    close: () => door.close(),
    async [Symbol.asyncDispose]() {
      await door.close();
      await place[Symbol.asyncDispose]();
    },
  };
}

/** Make a certificate that nobody else trusts. */
export async function certificate() {
  await using folder = await tempFolder();
  const [key, cert] = [join(folder.path, "key.pem"), join(folder.path, "cert.pem")];
  const what = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost"];
  await promisify(execFile)("openssl", ["req", "-x509", ...what, "-days", "2", "-keyout", key, "-out", cert]);
  return { cert: await readFile(cert), key: await readFile(key) };
}
