import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { createServer as createHttpServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc64, KiB, type StoredFile, toStoredFile } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { createServer, silentLog } from "@naru/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { layWire } from "../../../test/harness/wire.ts";
import { ManualClock } from "../../core/test/manual-clock.ts";
import { downloadFile, downloadSmall, NaruApi, type Network, openNetwork } from "../src/node/index.ts";

let folder: string;
let network: Network;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-small-download-"));
  network = openNetwork();
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

test("a small file whose answer stops in the middle is given up after 20 s, and comes as large ones do", async () => {
  await using stack = new AsyncDisposableStack();
  const store = memoryStore();
  const bytes = randomBytes(512 * KiB);
  const upload = await store.create({ path: "small.bin", size: bytes.length });
  await upload.put({ number: 1, offset: 0, size: bytes.length }, new Blob([bytes]));
  await upload.complete();
  const auth = { kind: "basic", user: "admin", password: "correct horse" } as const;
  const http = { host: "127.0.0.1", port: 0 };
  const server = await createServer({
    store,
    dataDir: ":memory:",
    adminPassword: auth.password,
    logger: silentLog(),
    http,
  });
  stack.defer(() => server.close());
  await server.listen();
  const wire = stack.use(await layWire(server.origin));
  const api = new NaruApi({ origin: wire.origin, auth, fetch: network.fetch });
  const stat = await api.stat("small.bin");
  if (stat === undefined) throw new Error("The file is not there");
  let stalls = 0;
  wire.fault = () => {
    stalls += 1;
    return stalls === 1 ? { kind: "stall-answer", afterBytes: 100 * KiB } : undefined;
  };
  const to = join(folder, "small.bin");
  const clock = new ManualClock();
  const small = downloadSmall({ api, network, file: toStoredFile(stat), to, clock });
  let isOver = false;
  void small.finally(() => {
    isOver = true;
  });
  await wire.until(() => wire.bytesReturned >= 100 * KiB);
  expect(await clock.until(() => isOver, 60_000)).toBeGreaterThanOrEqual(20_000);
  expect([await small, stalls]).toEqual([undefined, 1]);
  expect(await readdir(folder)).toEqual([]);
  await downloadFile({ api, network, path: "small.bin", to });
  expect(bytes.equals(await readFile(to))).toBe(true);
});

test("a small file that comes slowly is not given up", async () => {
  const bytes = randomBytes(4 * KiB);
  const answers: ServerResponse[] = [];
  const server = createHttpServer((_, answer) => {
    answer.setHeader("content-length", bytes.length);
    answer.flushHeaders();
    answers.push(answer);
    asked();
  });
  let asked: () => void = () => undefined;
  const isAsked = new Promise<void>((resolve) => {
    asked = resolve;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is an AddressInfo.
  const { port } = server.address() as AddressInfo;
  let came: () => void = () => undefined;
  const told: Network = {
    ...network,
    get: async (...request) => {
      const answer = await network.get(...request);
      return { ...answer, body: telling(answer.body, () => came()) };
    },
  };
  const file: StoredFile = {
    path: "slow.bin",
    size: bytes.length,
    etag: "x",
    modified: new Date(0),
    crc64: crc64(bytes),
  };
  const api = new NaruApi({ origin: `http://127.0.0.1:${port}`, auth: { kind: "cookie" }, fetch: network.fetch });
  const clock = new ManualClock();
  const to = join(folder, "slow.bin");
  const small = downloadSmall({ api, network: told, file, to, clock });
  await isAsked;
  for (let at = 0; at < bytes.length; at += KiB) {
    await clock.advance(15_000);
    const arrived = new Promise<void>((resolve) => {
      came = resolve;
    });
    answers[0]?.write(bytes.subarray(at, at + KiB));
    await Promise.race([arrived, small]);
  }
  expect(await small).toEqual({ crc64: crc64(bytes) });
  expect(bytes.equals(await readFile(to))).toBe(true);
  server.close();
});

/** The same chunks; each is told of once it has been taken. */
async function* telling(body: AsyncIterable<Uint8Array>, onTaken: () => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    yield chunk;
    onTaken();
  }
}
