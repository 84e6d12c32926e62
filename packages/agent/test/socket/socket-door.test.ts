import { randomBytes } from "node:crypto";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentFrameSize, crc64, type FromAgent, MiB } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Page } from "./page.ts";
import { openWorld, type World } from "./world.ts";

let world: World;
beforeEach(async () => {
  world = await openWorld();
});
afterEach(() => world[Symbol.asyncDispose]());

const bytes = randomBytes(20 * MiB);
const file = { name: "a.bin", size: bytes.length, modifiedMs: 1 };
const path = "in/a.bin";

function isDone(message: FromAgent): boolean {
  return message.kind === "changed" && message.transfer.state === "done";
}

async function arrived(name = path): Promise<string | undefined> {
  const file = await world.store.stat(name);
  return file?.crc64;
}

async function create(page: Page): Promise<Parameters<Page["feed"]>[0]> {
  const ticket = await world.ticket({ file: { path, size: bytes.length, partSize: 4 * MiB } });
  return page.feeding({ kind: "create", ticket, file });
}

test("a file that a page hands over arrives, also when the page closes once all of it is durable", async () => {
  const page = await world.pairedPage();
  const feeding = await create(page);
  const done = new Promise<void>((resolve) => {
    world.agent.transfers.onEvent(({ transfer }) => {
      if (transfer.state === "done") resolve();
    });
  });
  const grant = await page.feed(feeding, bytes);
  expect(grant.missing).toEqual([]);
  await page.close();
  await done;
  expect(await arrived()).toBe(crc64(bytes));
});

test("pages that are not paired cannot take the places of those that are", async () => {
  await (await world.pairedPage()).close();
  const origins = Array.from({ length: 100 }, (_, index) => `https://stranger-${index % 30}.example`);
  const opened = await Promise.allSettled(origins.map((origin) => Page.open(world.port, origin)));
  const pages = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  expect(pages.length).toBeGreaterThan(0);
  expect(pages.length).toBeLessThanOrEqual(16);
  await (await world.pairedPage()).close();
  await Promise.all(pages.map((page) => page.close()));
  const isLetIn = () =>
    Page.open(world.port, "https://stranger-1.example").then(
      (page) => page.close().then(() => true),
      () => false,
    );
  await expect.poll(isLetIn).toBe(true);
});

test("a name that was rebound, a forged host and a strange origin find nothing", async () => {
  const upgrade = { connection: "Upgrade", upgrade: "websocket" };
  const key = { "sec-websocket-key": "dGhlIHNhbXBsZSBub25jZQ==", "sec-websocket-version": "13" };
  const status = (headers: Record<string, string>): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const call = request({ host: "127.0.0.1", port: world.port, path: "/v1", headers });
      call.on("upgrade", (response, socket) => {
        socket.destroy();
        resolve(response.statusCode);
      });
      call.on("response", (response) => resolve(response.statusCode));
      call.on("error", reject);
      call.end();
    });
  const ask = (host: string, origin?: string): Promise<number | undefined> =>
    status({ ...upgrade, ...key, host, ...(origin === undefined ? {} : { origin }) });
  const here = `127.0.0.1:${world.port}`;
  const { origin } = world.door;
  expect(await ask(here, origin)).toBe(101);
  expect(await ask(`localhost:${world.port}`, origin)).toBe(101);
  for (const host of [`rebind.test:${world.port}`, "127.0.0.1", "127.0.0.1:1", `127.0.0.1.evil.test:${world.port}`]) {
    expect([host, await ask(host, origin)]).toEqual([host, 404]);
  }
  for (const strange of [undefined, "null", "http://evil.test", "file://", `${origin}/`, "chrome-extension://abc"]) {
    expect([strange, await ask(here, strange)]).toEqual([strange, 404]);
  }
});

test("the page of a server that is not paired can do nothing but ask to be", async () => {
  const page = await Page.open(world.port, "https://evil.test");
  for (const call of [{ kind: "list" }, { kind: "cancel", transfer: "x" }, { kind: "create", ticket: "x", file }]) {
    expect(await page.call(call)).toMatchObject({ kind: "failed", error: { code: "unauthenticated" } });
  }
  // The administrator's list has only the server.
  expect(await page.call({ kind: "pair" })).toMatchObject({ kind: "failed", error: { code: "forbidden" } });
  const put = (url: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${world.port}${url}`, {
      method: "PUT",
      body: "x",
      headers: { origin: "https://evil.test" },
    });
  expect((await put("/probe")).status).toBe(404);
  expect((await put("/data/x?offset=0")).status).toBe(404);
});

test("a page knows nothing of the transfers of others", async () => {
  const mine = await world.pairedPage();
  const { transfer } = await create(mine);
  await world.agent.pages.servers.add({ origin: "https://other.test", user: "eve", token: "x", since: 0 });
  const other = await Page.open(world.port, "https://other.test");
  expect(await other.call({ kind: "list" })).toMatchObject({ transfers: [] });
  for (const kind of ["cancel", "prove"]) {
    expect(await other.call({ kind, transfer: transfer.id })).toMatchObject({ error: { code: "not-found" } });
  }
  expect(await mine.call({ kind: "list" })).toMatchObject({ transfers: [{ id: transfer.id }] });
  expect(await mine.call({ kind: "cancel", transfer: transfer.id })).toMatchObject({ kind: "done" });
  expect(other.heard.filter(({ kind }) => kind === "changed")).toEqual([]);
});

test("a ticket is good once", async () => {
  const page = await world.pairedPage();
  const ticket = await world.ticket({ file: { path, size: bytes.length } });
  await page.feeding({ kind: "create", ticket, file });
  const again = await page.call({ kind: "create", ticket, file });
  expect(again).toMatchObject({ kind: "failed", error: { code: "forbidden" } });
});

test("bytes beyond the credit close the channel", async () => {
  const page = await world.pairedPage();
  const big = { ...file, size: 400 * MiB };
  const ticket = await world.ticket({ file: { path, size: big.size } });
  const { channel, grant } = await page.feeding({ kind: "create", ticket, file: big });
  expect(grant.credit).toBeLessThan(big.size);
  page.frame(channel, grant.durable + grant.credit, bytes.subarray(0, agentFrameSize));
  const refused = await page.hear((message) => message.kind === "refused");
  expect(refused).toMatchObject({ channel, error: { code: "invalid" } });
});

test("bytes go over PUT too, with the key of the transfer only", async () => {
  const page = await world.pairedPage();
  const { transfer, key } = await create(page);
  const put = (naruKey: string, origin = world.door.origin): Promise<Response> =>
    fetch(`http://127.0.0.1:${world.port}/data/${transfer.id}?offset=0`, {
      method: "PUT",
      body: bytes,
      headers: { origin, "naru-key": naruKey },
    });
  await expect(put("wrong").then(({ status }) => status)).resolves.toBe(404);
  const answer = await put(key);
  expect([answer.status, answer.headers.get("access-control-allow-origin")]).toEqual([200, world.door.origin]);
  await page.hear(isDone);
  expect(await arrived()).toBe(crc64(bytes));
});

test("a file chosen again goes on where it was, and another file is refused", async () => {
  const first = await world.pairedPage();
  const feeding = await create(first);
  await first.feed(feeding, bytes, 9 * MiB);
  await first.hear((message) => message.kind === "grant" && message.grant.durable >= 8 * MiB);
  await first.close();
  const second = await world.page();
  const { transfer } = feeding;
  const asked = await second.call({ kind: "prove", transfer: transfer.id });
  const ranges = asked.kind === "prove" ? asked.ranges : [];
  const proofsOf = (content: Uint8Array): object[] =>
    ranges.map(({ start, end }) => ({ start, end, crc64: crc64(content.subarray(start, end)) }));
  const again = { kind: "feed", transfer: transfer.id, file };
  expect(ranges.length).toBeGreaterThan(0);
  expect(await second.call({ ...again, proofs: proofsOf(randomBytes(bytes.length)) })).toMatchObject({
    error: { code: "file-changed" },
  });
  const resumed = await second.feeding({ ...again, proofs: proofsOf(bytes) });
  expect(resumed.grant.durable).toBeGreaterThanOrEqual(8 * MiB);
  await second.feed(resumed, bytes);
  await second.hear(isDone);
  expect(await arrived()).toBe(crc64(bytes));
});

test("an upload that was begun elsewhere goes on with its parts, and who began it is superseded", async () => {
  const page = await world.pairedPage();
  const begun = await world.api.create({ path, size: bytes.length, partSize: 5 * MiB });
  const { origin, user, password } = world.door;
  const put = (number: number): Promise<Response> =>
    fetch(`${origin}/api/uploads/${begun.id}/parts/${number}`, {
      method: "PUT",
      body: bytes.subarray((number - 1) * 5 * MiB, number * 5 * MiB),
      headers: { authorization: `Basic ${btoa(`${user}:${password}`)}`, "naru-epoch": "1" },
    });
  expect((await put(1)).status).toBe(200);
  const ticket = await world.ticket({ upload: begun.id });
  const feeding = await page.feeding({ kind: "create", ticket, file });
  await page.feed(feeding, bytes);
  await page.hear(isDone);
  expect(await arrived(begun.path)).toBe(crc64(bytes));
  expect((await put(2)).status).not.toBe(200);
  const view = world.agent.transfers.get(feeding.transfer.id);
  expect(view?.partsSkipped).toBe(1);
});

test("an upload that the agent has begun can be taken back: the agent stops, its parts stay", async () => {
  const page = await world.pairedPage();
  const feeding = await create(page);
  await page.feed(feeding, bytes, 5 * MiB);
  await page.hear((message) => message.kind === "changed" && message.transfer.confirmed >= 4 * MiB);
  const [mine] = await world.api.mine();
  const resumed = await world.api.resume(mine?.id ?? "");
  await page.feed(feeding, bytes, 13 * MiB);
  const failed = await page.hear((message) => message.kind === "changed" && message.transfer.state === "failed");
  expect(failed).toMatchObject({ transfer: { error: { code: "superseded" } } });
  const { receipts = [] } = await world.api.get(resumed.id);
  expect(receipts.length).toBeGreaterThan(0);
});

test("a pairing that was revoked redeems nothing any more", async () => {
  const page = await world.pairedPage();
  const [agent] = await world.tickets.agents();
  await world.tickets.revokeAgent(agent?.id ?? "");
  const ticket = await world.ticket({ file: { path, size: bytes.length } });
  expect(await page.call({ kind: "create", ticket, file })).toMatchObject({ error: { code: "unauthenticated" } });
});

test("a page without its file has the agent's user choose it, one dialog at a time, and its upload goes on", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "naru-choose-"));
  const chosen = join(folder.path, "b.bin");
  await writeFile(chosen, "hello");
  const asked = Promise.withResolvers<readonly string[]>();
  await using choosing = await openWorld({ pickFiles: () => asked.promise });
  const page = await choosing.pairedPage();
  const { id } = await choosing.api.create({ path: "in/b.bin", size: 5 });
  const ticket = (): Promise<string> => choosing.ticket({ upload: id });
  const first = page.call({ kind: "choose", ticket: await ticket() });
  expect(await page.call({ kind: "choose", ticket: await ticket() })).toMatchObject({ error: { code: "conflict" } });
  const done = new Promise<void>((resolve) => {
    choosing.agent.transfers.onEvent(({ transfer }) => {
      if (transfer.state === "done") resolve();
    });
  });
  asked.resolve([chosen]);
  expect(await first).toMatchObject({ kind: "done" });
  await done;
  expect((await choosing.store.stat("in/b.bin"))?.crc64).toBe(crc64(Buffer.from("hello")));
  const { id: other } = await choosing.api.create({ path: "in/c.bin", size: 6 });
  const refused = await page.call({ kind: "choose", ticket: await choosing.ticket({ upload: other }) });
  expect(refused).toMatchObject({ error: { code: "file-changed" } });
});

test("an agent that cannot ask its user says so", async () => {
  const page = await world.pairedPage();
  expect(await page.call({ kind: "choose", ticket: "x" })).toMatchObject({ error: { code: "unavailable" } });
});

test("a link opens a folder of a paired server, for one file that the user chooses", async () => {
  await world.pairedPage();
  await using folder = await mkdtempDisposable(join(tmpdir(), "naru-link-"));
  const chosen = join(folder.path, "b.bin");
  await writeFile(chosen, "hello");
  const ticket = await world.ticket({ folder: "in/" });
  const link = `naru://t/${ticket}?at=${encodeURIComponent(new URL(world.door.origin).host)}`;
  const request = await world.agent.pages.openLink(link);
  expect(request).toMatchObject({ origin: world.door.origin, user: world.door.user, place: "in/" });
  const done = new Promise<void>((resolve) => {
    world.agent.transfers.onEvent(({ transfer }) => {
      if (transfer.state === "done") resolve();
    });
  });
  await request.send(chosen);
  await done;
  expect(await arrived("in/b.bin")).toBe(crc64(Buffer.from("hello")));
  await expect(world.agent.pages.openLink(link)).rejects.toMatchObject({ code: "forbidden" });
  await expect(world.agent.pages.openLink("naru://run/x")).rejects.toMatchObject({ code: "invalid" });
  const elsewhere = `naru://t/${ticket}?at=evil.test`;
  await expect(world.agent.pages.openLink(elsewhere)).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a page takes a transfer back: the agent forgets it, and the upload keeps its parts for the page", async () => {
  const page = await world.pairedPage();
  const feeding = await create(page);
  const { id } = feeding.transfer;
  await page.feed(feeding, bytes, 8 * MiB);
  await page.hear((heard) => heard.kind === "changed" && heard.transfer.confirmed >= 4 * MiB);
  const answer = await page.call({ kind: "release", transfer: id });
  if (answer.kind !== "released" || answer.upload === undefined) throw new Error(JSON.stringify(answer));
  expect(await page.call({ kind: "list" })).toMatchObject({ transfers: [] });
  expect(await page.call({ kind: "release", transfer: id })).toMatchObject({ error: { code: "not-found" } });
  const upload = await world.api.get(answer.upload);
  expect(upload.confirmed).toBeGreaterThanOrEqual(4 * MiB);
  expect(world.agent.transfers.list()).toEqual([]);
});
