import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc64, MiB } from "@naru/core";
import { describeSink, memoryStore } from "@naru/core/testing";
import { createServer, type NaruServer, silentLog } from "@naru/server";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileFetchJournal } from "../src/node/file-sink.ts";
import { downloadFile, NaruApi, type Network, openFileSink, openNetwork } from "../src/node/index.ts";

let folder: string;
let server: NaruServer;
let api: NaruApi;
let network: Network;
const store = memoryStore();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-download-"));
  network = openNetwork();
  const auth = { kind: "basic", user: "admin", password: "correct horse" } as const;
  const http = { host: "127.0.0.1", port: 0 };
  server = await createServer({ store, dataDir: ":memory:", adminPassword: auth.password, logger: silentLog(), http });
  await server.listen();
  api = new NaruApi({ origin: server.origin, auth, fetch: network.fetch });
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
  await server.close();
  await rm(folder, { recursive: true });
});

describeSink("a file on this disk", async () => {
  const place = await mkdtemp(join(tmpdir(), "naru-sink-"));
  return {
    open: (name, size) => openFileSink(join(place, name), size),
    read: (name) => readFile(join(place, name)).catch(() => undefined),
    [Symbol.asyncDispose]: () => rm(place, { recursive: true }),
  };
});

async function stored(path: string, size: number): Promise<Buffer<ArrayBuffer>> {
  const bytes = randomBytes(size);
  const upload = await store.create({ path, size });
  await upload.put({ number: 1, offset: 0, size }, new Blob([bytes]));
  await upload.complete();
  return bytes;
}

/** What an earlier program left, which noted ranges before the disk had them. */
async function leaveHalf(path: string, bytes: Buffer, held: readonly number[]): Promise<string> {
  const to = join(folder, path);
  const half = Buffer.alloc(bytes.length);
  for (const index of held) bytes.copy(half, index * MiB, index * MiB, (index + 1) * MiB);
  await writeFile(`${to}.naru-part`, half);
  const ranges = [2, 0, 1].map((index) => [index, crc64(bytes.subarray(index * MiB, (index + 1) * MiB))]);
  const { etag, size } = (await api.stat(path)) ?? { etag: "", size: 0 };
  await writeFile(`${to}.naru-part.json`, JSON.stringify({ etag, size, rangeSize: MiB, ranges }));
  return to;
}

async function expectOnly(to: string, bytes: Buffer): Promise<void> {
  expect(bytes.equals(await readFile(to))).toBe(true);
  expect((await readdir(folder)).filter((name) => name.includes("naru-part"))).toEqual([]);
}

test("a half download that an earlier program left is resumed", async () => {
  const bytes = await stored("left.bin", 5 * MiB + 7);
  const to = await leaveHalf("left.bin", bytes, [0, 1, 2]);
  const got = await downloadFile({ api, network, path: "left.bin", to });
  expect(got).toMatchObject({ ranges: 6, rangesSkipped: 3, bytesReceived: 2 * MiB + 7, crc64: crc64(bytes) });
  await expectOnly(to, bytes);
});

test("a range that an earlier program noted, and the disk has lost, comes again", async () => {
  const bytes = await stored("lost.bin", 5 * MiB);
  const to = await leaveHalf("lost.bin", bytes, [0, 2]);
  const got = await downloadFile({ api, network, path: "lost.bin", to });
  expect(got).toMatchObject({ rangesSkipped: 2, bytesReceived: 3 * MiB, crc64: crc64(bytes) });
  await expectOnly(to, bytes);
});

test("a file that is replaced while it is fetched comes whole, as it is now", async () => {
  await stored("replaced.bin", 6 * MiB);
  const to = join(folder, "replaced.bin");
  const restarts: string[] = [];
  let replacing: Promise<Buffer> | undefined;
  const slow = {
    ...network,
    get: async (...args: Parameters<Network["get"]>) => {
      // Not before the first ranges have come, and before the others are asked for.
      if (args[1]["range"]?.startsWith(`bytes=${3 * MiB}-`)) {
        replacing ??= stored("replaced.bin", 6 * MiB);
        await replacing;
      }
      return network.get(...args);
    },
  };
  const onRestart = (path: string): void => void restarts.push(path);
  const options = { api, network: slow, path: "replaced.bin", to, rangeSize: MiB, connections: 1, onRestart };
  const got = await downloadFile(options);
  const bytes = (await replacing) ?? Buffer.alloc(0);
  expect(got.crc64).toBe(crc64(bytes));
  expect(restarts).toEqual(["replaced.bin"]);
  await expectOnly(to, bytes);
});

test("a range that is not the one that was asked for is refused", async () => {
  await stored("mixed.bin", 2 * MiB);
  const mixed: Network = {
    ...network,
    get: (url, headers, options) => network.get(url, { ...headers, range: `bytes=0-${MiB - 1}` }, options),
  };
  const to = join(folder, "mixed.bin");
  await expect(downloadFile({ api, network: mixed, path: "mixed.bin", to, rangeSize: MiB })).rejects.toMatchObject({
    code: "unsupported",
  });
  await rm(`${to}.naru-part`);
});

test("a download never gives its name to what another one has begun to write there", async () => {
  const to = join(folder, "twice.bin");
  const first = await openFileSink(to, 3);
  const second = await openFileSink(to, 3);
  await first.write(0, [Buffer.from("one")]);
  await first.complete();
  const third = await openFileSink(to, 3);
  await third.write(0, [Buffer.from("h")]);
  await expect(second.complete()).rejects.toMatchObject({ code: "superseded" });
  expect(await readFile(to, "utf8")).toBe("one");
  await third.discard();
});

test("a signal ends it, and the next one resumes", async () => {
  const bytes = await stored("stopped.bin", 8 * MiB);
  const to = join(folder, "stopped.bin");
  const stop = new AbortController();
  const waiting: Network = {
    ...network,
    get: async (url, headers, options) => {
      if (headers["range"]?.startsWith(`bytes=${2 * MiB}-`)) await once(stop.signal, "abort");
      return network.get(url, headers, options);
    },
  };
  const options = { api, path: "stopped.bin", to, rangeSize: MiB, connections: 1 };
  const stopped = downloadFile({
    ...options,
    network: waiting,
    signal: stop.signal,
    onProgress: ({ confirmed }) => {
      if (confirmed === 2 * MiB) stop.abort(new Error("enough"));
    },
  });
  await expect(stopped).rejects.toThrow("enough");
  expect(await downloadFile({ ...options, network })).toMatchObject({ rangesSkipped: 2, bytesReceived: 6 * MiB });
  await expectOnly(to, bytes);
});

test("a full disk ends it in words, and the next one resumes", async ({ skip }) => {
  await using disk = await smallDisk(6 * MiB, skip);
  const bytes = await stored("full.bin", 5 * MiB);
  const to = join(disk.path, "full.bin");
  await writeFile(join(disk.path, "other.bin"), Buffer.alloc(3 * MiB));
  const options = { api, network, path: "full.bin", to, rangeSize: MiB, connections: 1 };
  await expect(downloadFile(options)).rejects.toMatchObject({ code: "no-space" });
  await rm(join(disk.path, "other.bin"));
  const got = await downloadFile(options);
  expect(got.rangesSkipped).toBeGreaterThan(0);
  expect(bytes.equals(await readFile(to))).toBe(true);
});

test("on a disk that the data has filled, the note of what came finds its room, again and again", async ({ skip }) => {
  await using disk = await smallDisk(MiB, skip);
  const to = join(disk.path, "file.bin");
  const journal = fileFetchJournal(to);
  const ranges = Array.from({ length: 1000 }, (_, index) => [index, "0123456789abcdef"] as const);
  const note = { etag: "e", size: 1000 * MiB, rangeSize: MiB, ranges };
  const room = await journal.reserve?.(note);
  await expect(writeFile(join(disk.path, "data.bin"), Buffer.alloc(2 * MiB))).rejects.toThrow("ENOSPC");
  for (const count of [10, 500, 999]) {
    const some = { ...note, ranges: ranges.slice(0, count) };
    await journal.save(some);
    expect(await journal.load()).toEqual(some);
  }
  await room?.[Symbol.asyncDispose]();
  expect(await readdir(disk.path)).toEqual(["data.bin", "file.bin.naru-part.json"]);
});

/** A disk of its own, of so many bytes. */
async function smallDisk(
  bytes: number,
  skip: (why: string) => void,
): Promise<AsyncDisposable & { readonly path: string }> {
  if (process.platform !== "linux" || process.getuid?.() !== 0) skip("only root mounts a small disk");
  const path = await mkdtemp(join(tmpdir(), "naru-small-"));
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "tmpfs", path]);
  return {
    path,
    [Symbol.asyncDispose]: async () => {
      execFileSync("umount", [path]);
      await rm(path, { recursive: true });
    },
  };
}

test("a folder in the place of the file is left alone", async () => {
  await stored("folder.bin", 10);
  const to = join(folder, "folder.bin");
  await mkdir(to);
  await expect(downloadFile({ api, network, path: "folder.bin", to })).rejects.toMatchObject({
    cause: expect.objectContaining({ code: "EISDIR" }),
  });
  expect((await readdir(to)).length).toBe(0);
  await rm(`${to}.naru-part`);
});
