import { randomUUID } from "node:crypto";
import { mkdir, readdir, rename, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServer, fileStore, type NaruServer, silentLog } from "../../src/index.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const ttl = 7 * day;

let root: TempFolder;
let data: TempFolder;
/** How far the server's clock is ahead of the disk's. */
let later = 0;
const servers: NaruServer[] = [];

beforeEach(async () => {
  later = 0;
  [root, data] = await Promise.all([tempFolder(), tempFolder()]);
});

afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await Promise.all([root[Symbol.asyncDispose](), data[Symbol.asyncDispose]()]);
});

const uploads = (): string => join(root.path, ".naru", "uploads");
const held = async (): Promise<string[]> => (await readdir(uploads())).sort();

/** A server over the folder, as if it were `later`. */
async function start(dataDir: string = data.path): Promise<[NaruServer, Client]> {
  const server = await createServer({
    store: await fileStore(root.path),
    dataDir,
    logger: silentLog(),
    adminPassword: "naru-naru",
    uploadTtlMs: ttl,
    clock: () => Date.now() + later,
    http: { host: "127.0.0.1", port: 0 },
  });
  servers.push(server);
  await server.listen();
  return [server, Client.basic(server.origin, "admin", "naru-naru")];
}

/** What a create leaves that was cut before the ledger noted it. */
async function cutCreate(): Promise<string> {
  const { id } = await (await fileStore(root.path)).create({ path: "cut.bin", size: 1000 });
  return id;
}

test("what no ledger knows is removed when a server starts, a day after any upload would have expired", async () => {
  const id = await cutCreate();
  later = ttl + 23 * hour;
  await start();
  expect(await held()).toEqual([id]);
  later = ttl + day + hour;
  await start();
  expect(await held()).toEqual([]);
});

test("a server that runs looks again after an hour", async () => {
  await cutCreate();
  const [server] = await start();
  later = ttl + day + hour;
  await server.reap();
  expect(await held()).toEqual([]);
  const second = await cutCreate();
  await server.reap();
  expect(await held()).toEqual([second]);
  later += hour;
  await server.reap();
  expect(await held()).toEqual([]);
});

test("a small file that was cut while it was written is removed", async () => {
  let feed: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const stream = (): ReadableStream<Uint8Array<ArrayBuffer>> =>
    new ReadableStream({
      start: (controller) => {
        feed = controller;
      },
    });
  const cut = (await fileStore(root.path)).putFile?.({ path: "cut.txt", size: 4 }, { size: 4, stream });
  await expect.poll(held).toHaveLength(1);
  later = ttl + day + hour;
  await start();
  expect(await held()).toEqual([]);
  feed?.error(new Error("the sender is gone"));
  await expect(cut).rejects.toThrow();
});

test("an upload that the ledger knows goes on, however old its bytes are", async () => {
  const [server, admin] = await start();
  const { id } = await admin.create({ path: "slow.bin", size: 4, partSize: 2 });
  await admin.put(id, 1, "ab");
  later = 5 * day;
  expect(await verdict(admin.call("POST", `/api/uploads/${id}/resume`))).toBe("200 fine");
  later = ttl + day + hour;
  await server.reap();
  expect(await held()).toHaveLength(1);
  const lease = { "naru-epoch": "2" };
  expect(await verdict(admin.put(id, 2, "cd", lease))).toBe("200 fine");
  expect(await verdict(admin.json("POST", `/api/uploads/${id}/complete`, {}, lease))).toBe("200 fine");
  expect(await (await admin.call("GET", "/api/files/slow.bin")).text()).toBe("abcd");
});

test("uploads of a data folder that was lost are removed, files that arrived are not", async () => {
  const [server, admin] = await start();
  await admin.create({ path: "open.bin", size: 4 });
  expect(await verdict(admin.call("PUT", "/api/files/there.txt", { body: "kept" }))).toMatch(/^20/);
  await server.close();
  servers.pop();
  await rm(data.path, { recursive: true });
  later = ttl + day + hour;
  const [, again] = await start();
  expect(await held()).toEqual([]);
  expect(await (await again.call("GET", "/api/files/there.txt")).text()).toBe("kept");
});

test("names that are not the store's are left, and links are not followed", async () => {
  await fileStore(root.path);
  await using outside = await tempFolder();
  await writeFile(join(outside.path, "precious"), "x");
  const strangers = ["notes.txt", "mine.whole", "old uploads", randomUUID()];
  await writeFile(join(uploads(), "notes.txt"), "x");
  await writeFile(join(uploads(), "mine.whole"), "x");
  await mkdir(join(uploads(), "old uploads"));
  await symlink(outside.path, join(uploads(), strangers[3] ?? ""));
  const id = await cutCreate();
  await symlink(outside.path, join(uploads(), id, "inside"));
  later = ttl + day + hour;
  await start();
  expect(await held()).toEqual(strangers.sort());
  expect(await readdir(outside.path)).toEqual(["precious"]);
});

test("nothing is removed where the store's own folder is a link", async () => {
  const id = await cutCreate();
  await using outside = await tempFolder();
  await rename(uploads(), join(outside.path, "uploads"));
  await symlink(join(outside.path, "uploads"), uploads());
  later = ttl + day + hour;
  await start();
  expect(await held()).toEqual([id]);
});

test("a leftover that vanishes before it is removed is no failure", async () => {
  const id = await cutCreate();
  const { unfinished } = await fileStore(root.path);
  const before = new Date(Date.now() + hour);
  for await (const leftover of unfinished({ before })) {
    expect(leftover.id).toBe(id);
    await rm(join(uploads(), id), { recursive: true });
    await leftover.end();
  }
  expect(await held()).toEqual([]);
  await rm(uploads(), { recursive: true });
  for await (const leftover of unfinished({ before })) expect(leftover).toBeUndefined();
});

test("what was touched a moment ago is in use, even if its owner says that it is old", async () => {
  const store = await fileStore(root.path);
  const { id } = await store.create({ path: "old.bin", size: 0 });
  for (const name of ["data", "log", ""]) await utimes(join(uploads(), id, name), 1, 1);
  const found: string[] = [];
  for await (const leftover of store.unfinished({ before: new Date(Date.now() - hour) })) found.push(leftover.id);
  expect(found).toEqual([]);
});
