import { mkdtemp, rm } from "node:fs/promises";
import { Agent, type IncomingMessage, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { WireUpload } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import { createServer, type HttpOptions, type NaruServer, type ServerOptions, silentLog } from "../../src/index.ts";
import { Client, verdict } from "./client.ts";

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "naru-ledger-"));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

type StartOptions = Pick<ServerOptions, "store"> & Partial<ServerOptions> & Partial<HttpOptions>;

async function start({ drainMs, ...options }: StartOptions): Promise<[NaruServer, Client]> {
  const http = { host: "127.0.0.1", port: 0, drainMs };
  const server = await createServer({ dataDir, logger: silentLog(), adminPassword: "naru-naru", http, ...options });
  await server.listen();
  return [server, Client.basic(server.origin, "admin", "naru-naru")];
}

test("uploads outlive the server", async () => {
  const store = memoryStore();
  const [first, before] = await start({ store });
  const { id } = await before.create({ path: "kept.bin", size: 4, partSize: 2 });
  await before.put(id, 1, "ab");
  await first.close();

  const [second, after] = await start({ store });
  expect(second.firstStart).toBeUndefined();
  const { uploads } = (await (await after.call("GET", "/api/uploads")).json()) as { uploads: WireUpload[] };
  expect(uploads).toMatchObject([{ id, path: "kept.bin", confirmed: 2 }]);
  const resumed = (await (await after.call("POST", `/api/uploads/${id}/resume`)).json()) as WireUpload;
  expect(resumed).toMatchObject({ epoch: 2, receipts: [{ number: 1 }] });
  const lease = { "naru-epoch": "2" };
  expect(await verdict(after.put(id, 2, "cd", lease))).toBe("200 fine");
  expect(await verdict(after.json("POST", `/api/uploads/${id}/complete`, {}, lease))).toBe("200 fine");
  expect(await (await after.call("GET", "/api/files/kept.bin")).text()).toBe("abcd");
  await second.close();
});

test("what expires is ended, at the store too; activity keeps it alive", async () => {
  let time = Date.UTC(2026, 0, 1);
  const store = memoryStore();
  const [server, admin] = await start({ store, clock: () => time, uploadTtlMs: 60_000 });
  const idle = await admin.create({ path: "idle.bin", size: 2 });
  const active = await admin.create({ path: "active.bin", size: 4, partSize: 2 });
  time += 40_000;
  await admin.put(active.id, 1, "ab");
  time += 40_000;
  expect(await verdict(admin.call("GET", `/api/uploads/${idle.id}`))).toBe("404 not-found");
  await server.reap();
  expect(await verdict(admin.put(active.id, 2, "cd"))).toBe("200 fine");
  expect(await verdict(admin.json("POST", `/api/uploads/${active.id}/complete`, {}))).toBe("200 fine");
  await server.close();
});

test("a server that closes lets the request in flight end", async () => {
  const store = memoryStore();
  const [server, admin] = await start({ store });
  const { id } = await admin.create({ path: "drain.bin", size: 4 });
  const headers = { ...admin.headers, "content-length": 4, expect: "100-continue" };
  const call = request(`${admin.origin}/api/uploads/${id}/parts/1`, { method: "PUT", headers });
  const answered = new Promise<number>((resolve, reject) => {
    call.on("response", (response) => resolve(response.resume().statusCode ?? 0));
    call.on("error", reject);
  });
  // The server has the request once it says that the body may come.
  await new Promise<void>((resolve) => {
    call.once("continue", resolve);
    call.flushHeaders();
  });
  const closed = server.close();
  call.end("abcd");
  expect(await answered).toBe(200);
  await closed;
  await expect(admin.call("GET", "/livez")).rejects.toThrow();
});

test("a server that closes lets an answer that has begun end, and does not wait for its connection after that", async () => {
  const store = memoryStore();
  const [server, admin] = await start({ store, drainMs: 600_000 });
  const body = "x".repeat(8 * 1024 * 1024);
  expect(await verdict(admin.call("PUT", "/api/files/long.txt", { body }))).toMatch(/^20/);
  using agent = keptConnections();
  const call = request(`${admin.origin}/api/files/long.txt`, { agent: agent.kept, headers: admin.headers });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    call.on("response", resolve).on("error", reject).end();
  });
  const closed = server.close();
  let length = 0;
  for await (const chunk of answer) length += (chunk as Buffer).length;
  expect(length).toBe(body.length);
  await closed;
});

function keptConnections(): Disposable & { readonly kept: Agent } {
  const kept = new Agent({ keepAlive: true });
  return { kept, [Symbol.dispose]: () => kept.destroy() };
}

test("a server that closes does not wait for ever", async () => {
  const store = memoryStore();
  const [server, admin] = await start({ store, drainMs: 50 });
  const { id } = await admin.create({ path: "stuck.bin", size: 4 });
  const headers = { ...admin.headers, "content-length": 4, expect: "100-continue" };
  const call = request(`${admin.origin}/api/uploads/${id}/parts/1`, { method: "PUT", headers });
  const failed = new Promise((resolve) => call.once("error", resolve));
  await new Promise<void>((resolve) => {
    call.once("continue", resolve);
    call.flushHeaders();
  });
  await server.close();
  expect(await failed).toBeInstanceOf(Error);
});
