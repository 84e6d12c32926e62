import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileStore, makeLog } from "../../src/index.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";
import { enter, guestOf, makeLink } from "./guest.ts";

const day = 24 * 60 * 60_000;
let folder: TempFolder;
let door: HttpDoor;
let me: Client;
let ahead = 0;
const text = "0123456789".repeat(100);

beforeAll(async () => {
  folder = await tempFolder();
  for (const name of ["비밀/보고서", "비밀/딴것"]) await mkdir(join(folder.path, name), { recursive: true });
  await writeFile(join(folder.path, "비밀/보고서/가.bin"), text);
  await writeFile(join(folder.path, "비밀/보고서/나.txt"), "two");
  await writeFile(join(folder.path, "비밀/딴것/secret.txt"), "secret");
  await writeFile(join(folder.path, "top.txt"), "top");
  const store = await fileStore(folder.path);
  door = await httpDoor(store, { clock: () => Date.now() + ahead, shares: { maxDays: 30 } });
  me = Client.basic(door.origin, "admin", door.password);
});
afterAll(async () => {
  await door.close();
  await folder[Symbol.asyncDispose]();
});

const path = "비밀/보고서/가.bin";
const tagged = async (answer: Promise<Response>): Promise<string> =>
  `${(await answer).status} ${await (await answer).text()}`;

test("a file is shared by an address that needs no account, has ranges and a tag, and keeps its owner's folders to itself", async () => {
  const { token, expires } = await makeLink(me, { kind: "share", path, title: "Report" });
  expect(Math.round((Date.parse(expires) - Date.now()) / day)).toBe(7);
  const guest = guestOf(door.origin, token);
  const about = await guest.call("GET", "/api/guest");
  const told = await about.text();
  expect(JSON.parse(told)).toMatchObject({
    kind: "share",
    state: "open",
    title: "Report",
    entry: "file",
    name: "가.bin",
  });
  expect(told).not.toContain("비밀");
  const whole = await guest.call("GET", "/files/%EA%B0%80.bin");
  expect(await whole.text()).toBe(text);
  const etag = whole.headers.get("etag") ?? "";
  expect(whole.headers.get("referrer-policy")).toBe("no-referrer");
  const rest = await guest.call("GET", "/files/가.bin", { headers: { range: "bytes=990-", "if-range": etag } });
  expect([rest.status, rest.headers.get("content-range"), await rest.text()]).toEqual([
    206,
    "bytes 990-999/1000",
    "0123456789",
  ]);
  const list = await (await guest.call("GET", "/api/files?delimiter=/")).json();
  expect(list).toMatchObject({ files: [{ path: "가.bin" }], folders: [] });
});

test("what lies outside a link is refused: beside it, above it, in any spelling, and every change", async () => {
  const { token } = await makeLink(me, { kind: "share", path });
  const guest = guestOf(door.origin, token);
  const outside = [
    "나.txt",
    "../딴것/secret.txt",
    "%2e%2e/딴것/secret.txt",
    "..%2f..%2ftop.txt",
    "..%5c..%5ctop.txt",
    "%2ftop.txt",
    "가.bin/../나.txt",
    "./../../top.txt",
    "나.txt".normalize("NFD"),
  ];
  for (const one of [...outside, "../../../api/files/top.txt", "../../api/files/top.txt"]) {
    for (const address of [`files/${one}`, `api/files/${one}`, `api/files?key=${one}`]) {
      expect([address, await rawStatus(door.origin, encodeURI(`/s/${token}/${address}`))]).not.toEqual([address, 200]);
    }
  }
  expect(await verdict(guest.json("POST", "/api/move", { from: "가.bin", to: "x" }))).toBe("403 forbidden");
  expect(await verdict(guest.call("DELETE", "/api/files/가.bin"))).toBe("403 forbidden");
  expect(await verdict(guest.call("PUT", "/api/files/가.bin", { body: "x" }))).toBe("403 forbidden");
  expect(await verdict(guest.call("PUT", "/api/folders/x"))).toBe("403 forbidden");
  expect(await verdict(guest.json("POST", "/api/uploads", { path: "x", size: 1 }))).toBe("403 forbidden");
  expect(await verdict(guest.call("GET", "/api/accounts"))).toBe("403 forbidden");
  expect(await verdict(guest.json("POST", "/api/shares", { kind: "share", path: "가.bin" }))).toBe("403 forbidden");
  const other = await guest.call("GET", "/files/나.txt");
  expect(await other.text()).not.toContain("비밀");
});

test("a signed-in browser that opens a link is its guest there, not its account", async () => {
  const { token } = await makeLink(me, { kind: "share", path });
  const signedIn = guestOf(door.origin, token, me.headers);
  expect(await verdict(signedIn.call("GET", "/api/files/top.txt"))).toBe("403 forbidden");
  expect((await signedIn.call("GET", "/api/files/가.bin")).status).toBe(200);
});

test("a folder is shared with what is in it, by listing, file and range, below its own name", async () => {
  const { token } = await makeLink(me, { kind: "share", path: "비밀/보고서/" });
  const guest = guestOf(door.origin, token);
  const list = await (await guest.call("GET", "/api/files?delimiter=/")).json();
  expect(list.files.map((file: { path: string }) => file.path)).toEqual(["가.bin", "나.txt"]);
  expect((await guest.call("HEAD", "/files/나.txt")).headers.get("content-length")).toBe("3");
  expect(await tagged(guest.call("GET", "/files/나.txt"))).toBe("200 two");
  expect(await verdict(guest.call("GET", "/files/x.bin"))).toBe("404 not-found");
});

test("a folder is taken as one ZIP that resumes, and counts as one download", async () => {
  const { token, id } = await makeLink(me, { kind: "share", path: "비밀/보고서/", maxDownloads: 1 });
  const guest = guestOf(door.origin, token);
  const zip = Buffer.from(await (await guest.call("GET", "/archive?path=/")).arrayBuffer());
  await settled(id, 1);
  expect(zip.includes("보고서/나.txt")).toBe(true);
  expect(zip.includes("비밀")).toBe(false);
  const rest = await guest.call("GET", "/archive?path=/", { headers: { range: "bytes=100-" } });
  expect([rest.status, Buffer.from(await rest.arrayBuffer()).equals(zip.subarray(100))]).toEqual([206, true]);
  expect(await verdict(guest.call("GET", "/archive?path=/"))).toBe("403 forbidden");
  expect(
    await verdict(
      guestOf(door.origin, (await makeLink(me, { kind: "share", path })).token).call("GET", "/archive?path=../"),
    ),
  ).toBe("400 invalid");
});

test("a password is asked for, by the page and by programs; too many wrong ones are stopped, also from who knows it", async () => {
  const { token } = await makeLink(me, { kind: "share", path, password: "열려라 참깨", title: "Hidden" });
  const stranger = guestOf(door.origin, token);
  const look = await stranger.call("GET", "/api/guest");
  expect(await look.json()).toEqual({ kind: "share", state: "locked", title: "", note: "", asks: [] });
  expect(await verdict(stranger.call("GET", "/files/가.bin"))).toBe("401 unauthenticated");
  const guest = await enter(door.origin, token, { password: "열려라 참깨" });
  expect((await guest.call("GET", "/files/가.bin")).status).toBe(200);
  const program = Client.basic(`${door.origin}/s/${token}`, "x", "열려라 참깨");
  expect((await program.call("GET", "/files/가.bin")).status).toBe(200);
  for (let n = 0; n < 10; n += 1) {
    expect(await verdict(stranger.json("POST", "/api/guest", { password: "wrong" }))).toBe("403 forbidden");
  }
  expect(await verdict(stranger.json("POST", "/api/guest", { password: "열려라 참깨" }))).toBe("429 throttled");
  expect((await guest.call("GET", "/files/가.bin")).status).toBe(200);
});

test("another password shuts out who entered by the one of before; they stay who they were", async () => {
  const { token, id } = await makeLink(me, { kind: "request", path: "in/", password: "first" });
  const guest = await enter(door.origin, token, { password: "first" });
  expect((await guest.create({ path: "a.txt", size: 1 })).path).toBe("a.txt");
  await me.json("PATCH", `/api/shares/${id}`, { password: "second" });
  expect(await verdict(guest.call("GET", "/api/uploads"))).toBe("401 unauthenticated");
  expect(await verdict(guest.json("POST", "/api/guest", { password: "second" }))).toBe("200 fine");
  expect((await (await guest.call("GET", "/api/uploads")).json()).uploads).toHaveLength(1);
});

test("a download counts once, however many ranges it takes; who began may finish when the link is used up", async () => {
  const { token, id } = await makeLink(me, { kind: "share", path, maxDownloads: 2 });
  const one = await enter(door.origin, token);
  const two = await enter(door.origin, token);
  const three = await enter(door.origin, token);
  const part = (guest: Client, range: string): Promise<Response> =>
    guest.call("GET", "/files/가.bin", { headers: { range } });
  await (await part(one, "bytes=0-99")).text();
  await (await part(two, "bytes=0-")).text();
  expect(await verdict(part(three, "bytes=0-"))).toBe("403 forbidden");
  expect(await tagged(part(one, "bytes=100-"))).toBe(`206 ${text.slice(100)}`);
  await settled(id, 2);
  expect(await verdict(one.call("GET", "/files/가.bin"))).toBe("403 forbidden");
  expect(await (await three.call("GET", "/api/guest")).json()).toMatchObject({ state: "used-up" });
  const { shares } = await (await me.call("GET", "/api/shares")).json();
  expect(shares.find((share: { id: string }) => share.id === id)).toMatchObject({ downloads: 2, state: "used-up" });
  const { entries } = await (await me.call("GET", `/api/shares/${id}/log`)).json();
  expect(entries).toMatchObject([
    { what: "took", path: "가.bin", size: 1000, bytes: 1000, address: "127.0.0.0" },
    { what: "took", path: "가.bin", size: 1000, bytes: 1000, address: "127.0.0.0" },
  ]);
});

test("a link stops when it is revoked, expires, gets a new address, or loses its owner; one that ended is forgotten", async () => {
  const alive = async (token: string): Promise<string> =>
    verdict(guestOf(door.origin, token).call("GET", "/api/guest"));
  const revoked = await makeLink(me, { kind: "share", path });
  expect((await me.call("DELETE", `/api/shares/${revoked.id}`)).status).toBe(204);
  expect(await alive(revoked.token)).toBe("404 not-found");
  expect((await me.call("GET", `/api/shares/${revoked.id}/log`)).status).toBe(200);
  expect((await me.call("DELETE", `/api/shares/${revoked.id}`)).status).toBe(204);
  expect((await me.call("GET", `/api/shares/${revoked.id}/log`)).status).toBe(404);

  const moved = await makeLink(me, { kind: "share", path });
  const renewed = await (await me.json("PATCH", `/api/shares/${moved.id}`, { renew: true, title: "New" })).json();
  expect([await alive(moved.token), await alive(renewed.token), renewed.title]).toEqual([
    "404 not-found",
    "200 fine",
    "New",
  ]);

  await me.json("POST", "/api/accounts", { name: "kim", password: "naru-naru" });
  const kim = Client.basic(door.origin, "kim", "naru-naru");
  const hers = await makeLink(kim, { kind: "share", path });
  expect(await verdict(me.call("DELETE", `/api/shares/${hers.id}`))).toBe("404 not-found");
  await me.call("DELETE", "/api/accounts/kim");
  expect(await alive(hers.token)).toBe("404 not-found");
  await me.json("POST", "/api/accounts", { name: "kim", password: "naru-naru" });
  expect(await alive(hers.token)).toBe("404 not-found");

  const short = await makeLink(me, { kind: "share", path, expires: new Date(Date.now() + day).toISOString() });
  ahead = 2 * day;
  expect(await alive(short.token)).toBe("404 not-found");
  ahead = 0;
});

test("what is being downloaded by a link ends when the link is stopped", async () => {
  await writeFile(join(folder.path, "large.bin"), Buffer.alloc(64 * 2 ** 20));
  const { token, id } = await makeLink(me, { kind: "share", path: "large.bin" });
  const answer = await guestOf(door.origin, token).call("GET", "/files/large.bin");
  const reader = answer.body?.getReader();
  await reader?.read();
  await me.call("DELETE", `/api/shares/${id}`);
  const rest = async (): Promise<void> => {
    while (!(await reader?.read())?.done);
  };
  await expect(rest()).rejects.toThrow();
});

test("a link lasts no longer than the operator allows, and is to something that is there", async () => {
  const wish = { kind: "share", path, expires: new Date(Date.now() + 31 * day).toISOString() };
  expect(await verdict(me.json("POST", "/api/shares", wish))).toBe("400 invalid");
  expect(await verdict(me.json("POST", "/api/shares", { kind: "share", path: "none" }))).toBe("404 not-found");
  expect(await verdict(me.json("POST", "/api/shares", { kind: "share", path: "none/" }))).toBe("404 not-found");
  expect(await verdict(me.json("POST", "/api/shares", { kind: "share", path: "../x" }))).toBe("400 invalid");
  expect(await verdict(me.json("POST", "/api/shares", { kind: "share", path: "" }))).toBe("400 invalid");
});

test("the page of a link is the same for all, runs under a policy of its own and is kept by no search engine", async () => {
  const { token } = await makeLink(me, { kind: "share", path });
  const page = await guestOf(door.origin, token).call("GET", "");
  const none = await guestOf(door.origin, "x".repeat(43)).call("GET", "/");
  expect([page.status, await page.text()]).toEqual([none.status, await none.text()]);
  expect(page.headers.get("x-robots-tag")).toBe("noindex, nofollow");
  expect(page.headers.get("referrer-policy")).toBe("no-referrer");
  expect(page.headers.get("content-security-policy")).toContain("form-action 'none'");
  expect(await verdict(fetch(`${door.origin}/api/guest`))).toBe("404 not-found");
});

test("no line of the log has the token of a link, whatever is written there", () => {
  const lines: string[] = [];
  const write = process.stdout.write;
  process.stdout.write = (line: string | Uint8Array): boolean => lines.push(String(line)) > 0;
  try {
    const token = "t0k3n-_".repeat(6);
    makeLog().info({ path: `/s/${token}/files/a.bin`, err: new Error(`at /s/${token}`) }, `GET /s/${token}`);
    expect(lines.join("")).toContain("/s/…");
    expect(lines.join("")).not.toContain(token);
  } finally {
    process.stdout.write = write;
  }
});

/** The bytes that were sent are noted a moment after the answer. */
async function settled(id: string, count: number): Promise<void> {
  await expect
    .poll(
      async () => {
        const { entries } = await (await me.call("GET", `/api/shares/${id}/log`)).json();
        return entries.filter(({ bytes, size }: { bytes: number; size: number }) => bytes === size).length;
      },
      { timeout: 180_000 },
    )
    .toBe(count);
}

/** `fetch` would take the dots out. */
function rawStatus(origin: string, path: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const { hostname: host, port } = new URL(origin);
    const asked = request({ host, port, path: path.replaceAll("%25", "%") }, (answer) =>
      resolve(answer.resume().statusCode ?? 0),
    );
    asked.on("error", reject).end();
  });
}
