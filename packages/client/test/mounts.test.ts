import { randomBytes } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc64, MiB } from "@naru/core";
import { type Bucket, createServer, fileStore, type Mount, type NaruServer, s3Store, silentLog } from "@naru/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ceph, makeBucket } from "../../../test/peers/shared-ceph.ts";
import { downloadFile, NaruApi, type Network, openDigester, openNetwork, upload } from "../src/node/index.ts";

const auth = { kind: "basic", user: "admin", password: "correct horse" } as const;
const digester = openDigester();
let folder: string;
let network: Network;
let bucket: ReturnType<typeof s3Store> & Bucket;
const servers: NaruServer[] = [];
/** Where parts went. */
const sent: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-mounts-"));
  const opened = openNetwork();
  network = {
    ...opened,
    send: (request) => {
      sent.push(new URL(request.url).origin);
      return opened.send(request);
    },
  };
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = ceph();
  const credentials = async () => ({ accessKeyId, secretAccessKey });
  bucket = s3Store({ bucket: await makeBucket(), endpoint, region: "us-east-1", style: "path", credentials });
});
afterAll(async () => {
  for (const server of servers) await server.close();
  await bucket.close();
  await digester[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

async function start(mounts: readonly Mount[]): Promise<{ readonly server: NaruServer; readonly api: NaruApi }> {
  const server = await createServer({
    store: await fileStore(join(folder, "disk")),
    mounts,
    dataDir: join(folder, "data"),
    adminPassword: auth.password,
    logger: silentLog(),
    http: { host: "127.0.0.1", port: 0 },
  });
  servers.push(server);
  await server.listen();
  return { server, api: new NaruApi({ origin: server.origin, auth, fetch: network.fetch }) };
}

/** As the command line does, to which CORS is of no concern. */
async function optionsFor(api: NaruApi) {
  const { store } = await api.session({ probe: false });
  return { api, send: network.send, store, digest: digester.digest };
}

const inBucket = (): Mount => ({ prefix: "bucket/", store: bucket });

test("a server keeps some files on its disk and others in a bucket, and each takes its own route", async () => {
  const { api } = await start([inBucket()]);
  const bytes = randomBytes(11 * MiB + 5);
  const routes = { "disk.bin": api.origin, "bucket/film.bin": ceph().endpoint };
  for (const [path, origin] of Object.entries(routes)) {
    sent.length = 0;
    const source = new Blob([bytes]);
    const { file, route } = await upload(source, { ...(await optionsFor(api)), path });
    expect(file).toMatchObject({ path, size: bytes.length });
    expect(route).toBe(origin === api.origin ? "proxy" : "direct");
    expect([...new Set(sent)]).toEqual([origin]);
    const to = join(folder, "back.bin");
    const got = await downloadFile({ api, network, path, to });
    expect(got).toMatchObject({ route: origin === api.origin ? "proxy" : "direct", crc64: crc64(bytes) });
    expect(bytes.equals(await readFile(to))).toBe(true);
  }
  expect(await api.list({ delimiter: "/" })).toMatchObject({ files: [{ path: "disk.bin" }], folders: ["bucket/"] });
  const moved = await api.move("bucket/film.bin", "film.bin", { conflict: "fail" });
  expect(moved).toMatchObject({ path: "film.bin", size: bytes.length, crc64: crc64(bytes) });
  expect(await bucket.stat("film.bin")).toBeUndefined();
  expect((await bucket.list()).files).toEqual([]);
});

test("an upload that was begun before a bucket was mounted is resumed, and one in the bucket over a restart", async () => {
  const bytes = randomBytes(12 * MiB);
  const partSize = 6 * MiB;
  const half = async (api: NaruApi, path: string): Promise<string> => {
    const stop = new AbortController();
    let puts = 0;
    const sending = upload(new Blob([bytes]), {
      ...(await optionsFor(api)),
      path,
      partSize,
      maxConcurrency: 1,
      signal: stop.signal,
      send: (request) => {
        puts += 1;
        if (puts === 2) stop.abort(new Error("enough"));
        return network.send(request);
      },
    });
    await expect(sending).rejects.toThrow("enough");
    return (await api.mine()).find((one) => one.path === path)?.id ?? "";
  };
  const rest = async (api: NaruApi, path: string, resume: string): Promise<void> => {
    const { file, progress } = await upload(new Blob([bytes]), { ...(await optionsFor(api)), path, resume });
    expect(file).toMatchObject({ path, size: bytes.length });
    expect(progress).toMatchObject({ partsSkipped: 1, bytesSent: partSize });
  };
  const before = await start([]);
  const onDisk = await half(before.api, "before.bin");
  await before.server.close();
  const between = await start([inBucket()]);
  const there = await half(between.api, "bucket/between.bin");
  await between.server.close();
  const { api } = await start([inBucket()]);
  await rest(api, "before.bin", onDisk);
  await rest(api, "bucket/between.bin", there);
  expect((await bucket.stat("between.bin"))?.size).toBe(bytes.length);
});
