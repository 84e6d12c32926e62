import { randomBytes } from "node:crypto";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc64, MiB } from "@naru/core";
import { createServer, s3Store, silentLog } from "@naru/server";
import { expect, test } from "vitest";
import { ceph, makeBucket } from "../../../test/peers/shared-ceph.ts";
import { downloadFile, NaruApi, type Network, openNetwork } from "../src/node/index.ts";

test("signed addresses that expire are signed again", async () => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "naru-download-"));
  stack.defer(() => rm(folder, { recursive: true }));
  const network = stack.use(openNetwork());
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = ceph();
  const bucket = await makeBucket();
  const credentials = async () => ({ accessKeyId, secretAccessKey });
  const s3 = s3Store({ bucket, endpoint, region: "us-east-1", style: "path", credentials });
  const auth = { kind: "basic", user: "admin", password: "correct horse" } as const;
  const http = { host: "127.0.0.1", port: 0 };
  const place = { store: s3, dataDir: ":memory:", adminPassword: auth.password };
  const server = await createServer({ ...place, logger: silentLog(), http });
  stack.defer(() => server.close());
  await server.listen();
  const api = new NaruApi({ origin: server.origin, auth, fetch: network.fetch });
  const bytes = randomBytes(6 * MiB);
  await s3.putFile?.({ path: "signed.bin", size: bytes.length }, new Blob([bytes]));
  const refused: string[] = [];
  const aging: Network = {
    ...network,
    get: async (url, ...rest) => {
      // The bucket itself refuses what was signed long ago.
      const old = refused.length < 2 ? url.replace(/X-Amz-Date=\d{8}/, "X-Amz-Date=20200101") : url;
      if (old !== url) refused.push(url);
      return network.get(old, ...rest);
    },
  };
  const to = join(folder, "signed.bin");
  const options = { api, network: aging, path: "signed.bin", to, rangeSize: MiB, connections: 2 };
  const got = await downloadFile({ ...options, route: "direct" });
  expect(got).toMatchObject({ route: "direct", crc64: crc64(bytes), bytesReceived: bytes.length });
  expect(refused.length).toBe(2);
  expect(bytes.equals(await readFile(to))).toBe(true);
  expect((await readdir(folder)).filter((name) => name.includes("naru-part"))).toEqual([]);
});
