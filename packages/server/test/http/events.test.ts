import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createServer, type NaruServer, silentLog } from "../../src/index.ts";
import { Client } from "./client.ts";
import { type Followed, followAs } from "./followed.ts";

const adminPassword = "naru-naru";
const heartbeatMs = 50;
let server: NaruServer;
let admin: Client;
let now = Date.parse("2026-11-30T00:00:00Z");

beforeAll(async () => {
  server = await createServer({
    store: memoryStore(new Map(), { today: () => new Date(now) }),
    dataDir: ":memory:",
    http: { host: "127.0.0.1", port: 0, heartbeatMs },
    logger: silentLog(),
    adminPassword,
    clock: () => now,
  });
  await server.listen();
  admin = Client.basic(server.origin, "admin", adminPassword);
});
afterAll(() => server.close());

const put = (path: string, body = "abc") => admin.call("PUT", `/api/files/${path}`, { body });
const follow = (query = "", lastEventId?: string) => followAs(admin, query, lastEventId);
const words = ({ data, event }: Followed): string =>
  [event, data["kind"], data["from"], data["path"]].filter((word) => word !== undefined).join(" ");

test("what is added, moved and removed is told as it happens, with what a listing would show of it", async () => {
  await using events = await follow();
  expect(await events.next()).toMatchObject({ event: "ready", data: {} });
  await admin.call("PUT", "/api/folders/live");
  await put("live/a.txt");
  await admin.json("POST", "/api/move", { from: "live/a.txt", to: "live/b.txt" });
  await admin.call("DELETE", "/api/files/live/b.txt");
  await admin.call("DELETE", "/api/folders/live");
  const told = await events.take(5);
  expect(told.map(words)).toEqual([
    "change arrived live/",
    "change arrived live/a.txt",
    "change moved live/a.txt live/b.txt",
    "change removed live/b.txt",
    "change removed live/",
  ]);
  const stat = { size: 3, account: "admin", door: "http" };
  expect(told[1]?.data).toMatchObject({ ...stat, modified: expect.stringMatching(/^20/) });
  expect(told.map(({ id }) => Number(id))).toEqual(told.map(({ id }) => Number(id)).sort((a, b) => a - b));
});

test("who comes back with the last id gets what happened meanwhile, each event once", async () => {
  const first = await follow();
  const { id } = await first.next();
  await first[Symbol.asyncDispose]();
  for (const name of ["x", "y", "z"]) await put(`back/${name}`);
  await using again = await follow("", id);
  const [, one, two] = [await again.next(), ...(await again.take(2))];
  expect([one, two].map((told) => told && words(told))).toEqual(["change arrived back/x", "change arrived back/y"]);
  await using third = await follow(`?after=${two?.id}`);
  expect([await third.next(), await third.next()].map(words)).toEqual(["ready", "change arrived back/z"]);
});

test("only what happens in a folder, or to it, is told to who asks for that", async () => {
  await put("wanted/in/a");
  await using events = await follow("?folder=wanted/in");
  await events.next();
  await put("elsewhere/a");
  await put("wanted/b");
  await put("wanted/in/deep/c");
  await admin.json("POST", "/api/move", { from: "wanted/b", to: "wanted/in/b" });
  await admin.json("POST", "/api/move", { from: "wanted/", to: "other/" });
  const told = (await events.take(6)).map(words);
  expect(told.slice(0, 2)).toEqual(["change arrived wanted/in/deep/c", "change moved wanted/b wanted/in/b"]);
  expect(told.at(-1)).toBe("change moved wanted/ other/");
});

test("when events were forgotten the follower is told to list anew", async () => {
  await using events = await follow();
  const { id } = await events.next();
  await put("forgotten/1");
  await put("forgotten/2");
  await events.take(2);
  now += 8 * 24 * 60 * 60_000;
  await server.reap();
  await using late = await follow("", id);
  expect([await late.next(), await late.next()].map(words)).toEqual(["ready", "reset"]);
  await put("forgotten/3");
  expect(words(await late.next())).toBe("change arrived forgotten/3");
  // An id from before the database was restored from an older copy.
  await using other = await follow("", "999999999");
  expect([await other.next(), await other.next()].map(words)).toEqual(["ready", "reset"]);
});

test("a stream ends when its session is signed out, and when its account goes", async () => {
  await admin.json("POST", "/api/accounts", { name: "kim", password: "naru-naru" });
  const signIn = async () => {
    const body = { user: "kim", password: "naru-naru" };
    const answer = await new Client(server.origin, {}).json("POST", "/api/session", body);
    return new Client(server.origin, { cookie: answer.headers.get("set-cookie")?.split(";", 1)[0] ?? "" });
  };
  const [one, other] = [await signIn(), await signIn()];
  await using ends = await followAs(one);
  await using stays = await followAs(other);
  await Promise.all([ends.next(), stays.next()]);
  await one.call("DELETE", "/api/session");
  expect(await ends.end()).toBe("ended");
  await put("still/here");
  expect(words(await stays.next())).toBe("change arrived still/here");
  await admin.call("DELETE", "/api/accounts/kim");
  expect(await stays.end()).toBe("ended");
});

test("a stream shows that it lives, names no proxy to hold it back, and does not keep the server from ending", async () => {
  const brief = await createServer({
    store: memoryStore(),
    dataDir: ":memory:",
    http: { host: "127.0.0.1", port: 0, heartbeatMs, drainMs: 600_000 },
    logger: silentLog(),
    adminPassword,
  });
  await brief.listen();
  const events = await followAs(Client.basic(brief.origin, "admin", adminPassword));
  await events.next();
  await events.heartbeat();
  expect(events.headers.get("x-accel-buffering")).toBe("no");
  expect(events.headers.get("cache-control")).toBe("no-store");
  const closed = brief.close();
  expect(await events.end()).toBe("ended");
  await closed;
});

test("one account follows with at most 50 streams at once", async () => {
  await admin.json("POST", "/api/accounts", { name: "many", password: adminPassword });
  const many = Client.basic(server.origin, "many", adminPassword);
  // No stream of an earlier sentence that is still closing counts as its.
  const streams = await Promise.all(Array.from({ length: 50 }, () => followAs(many)));
  expect((await many.call("GET", "/api/events")).status).toBe(429);
  await Promise.all(streams.map((stream) => stream[Symbol.asyncDispose]()));
  await expect
    .poll(
      async () => {
        const answer = await many.call("GET", "/api/events");
        await answer.body?.cancel();
        return answer.status;
      },
      { timeout: 180_000 },
    )
    .toBe(200);
});

test("what is asked for badly is refused, and counts as no stream", async () => {
  const ask = async (query: string, headers = {}): Promise<number> => {
    const answer = await admin.call("GET", `/api/events${query}`, { headers });
    await answer.body?.cancel();
    return answer.status;
  };
  for (let n = 0; n < 30; n += 1) {
    expect(await ask("", { "last-event-id": "none of yours" })).toBe(400);
    expect(await ask("?folder=../a")).toBe(400);
  }
  expect(await ask("")).toBe(200);
});
