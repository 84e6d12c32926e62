import { createHash } from "node:crypto";
import { TransferError, type Upload } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileStore } from "../../src/index.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";
import { enter, guestOf, makeLink } from "./guest.ts";

let folder: TempFolder;
let door: HttpDoor;
let me: Client;

beforeAll(async () => {
  folder = await tempFolder();
  door = await httpDoor(await fileStore(folder.path));
  me = Client.basic(door.origin, "admin", door.password);
});
afterAll(async () => {
  await door.close();
  await folder[Symbol.asyncDispose]();
});

/** Send a small file, as the page does. */
async function send(guest: Client, path: string, body: string): Promise<{ readonly path: string }> {
  const { id } = await guest.create({ path, size: body.length });
  expect((await guest.put(id, 1, body)).status).toBe(200);
  const answer = await guest.call("POST", `/api/uploads/${id}/complete`);
  if (answer.status !== 200) throw new Error(await answer.text());
  return await answer.json();
}

const mine = async (prefix: string): Promise<readonly string[]> => {
  const { files } = await (await me.call("GET", `/api/files?prefix=${encodeURIComponent(prefix)}`)).json();
  return files.map(({ path }: { path: string }) => path);
};

test("each sender has a folder of their own, sees nothing but what they sent, and gets a receipt of it", async () => {
  const { token, id } = await makeLink(me, { kind: "request", path: "상자/", title: "사진", asks: ["name"] });
  const stranger = guestOf(door.origin, token);
  expect(await (await stranger.call("GET", "/api/guest")).json()).toMatchObject({
    kind: "request",
    state: "ask",
    asks: ["name"],
    title: "사진",
  });
  expect(await verdict(stranger.json("POST", "/api/uploads", { path: "a", size: 1 }))).toBe("401 unauthenticated");
  expect(await verdict(stranger.json("POST", "/api/guest", { name: "  " }))).toBe("400 invalid");
  const kim = await enter(door.origin, token, { name: "김민수" });
  const other = await enter(door.origin, token, { name: "김민수" });
  expect((await send(kim, "사진/a.txt", "first")).path).toBe("사진/a.txt");
  await send(kim, "사진/a.txt", "again");
  await send(other, "a.txt", "others");
  expect(await mine("상자/")).toEqual([
    "상자/김민수 (2)/a.txt",
    "상자/김민수/사진/a (2).txt",
    "상자/김민수/사진/a.txt",
  ]);
  for (const call of ["/api/files", "/files/a.txt", "/api/files/사진/a.txt", "/api/files/a.txt?stat"]) {
    const answer = await kim.call("GET", call);
    const text = await answer.text();
    expect([call, text.includes("others"), text.includes("상자")]).toEqual([call, false, false]);
    if (answer.status === 200) expect(JSON.parse(text)).toEqual({ files: [], folders: [] });
  }
  const receipt = await (await kim.call("GET", "/api/guest/receipt")).json();
  expect(receipt).toMatchObject({
    title: "사진",
    guest: "김민수",
    files: [
      { path: "사진/a.txt", size: 5 },
      { path: "사진/a (2).txt", size: 5 },
    ],
  });
  expect(receipt.files[0].crc64).toMatch(/^[0-9a-f]{16}$/);
  const { entries } = await (await me.call("GET", `/api/shares/${id}/log`)).json();
  expect(entries).toHaveLength(3);
  expect(entries[0]).toMatchObject({ what: "sent", guest: "김민수", bytes: 6, address: "127.0.0.0" });
  const { shares } = await (await me.call("GET", "/api/shares")).json();
  expect(shares.find((share: { id: string }) => share.id === id)).toMatchObject({ files: 3, bytes: 16 });
});

test("a guest goes on with an upload that was cut, by the same cookie; nobody else can, not even the owner of the link", async () => {
  const { token } = await makeLink(me, { kind: "request", path: "cut/" });
  const guest = await enter(door.origin, token);
  const size = 20 * 2 ** 20;
  const { id, partSize } = await guest.create({ path: "big.bin", size });
  expect(size > partSize).toBe(true);
  expect((await guest.put(id, 1, "x".repeat(partSize))).status).toBe(200);
  const back = guestOf(door.origin, token, guest.headers);
  const { uploads } = await (await back.call("GET", "/api/uploads")).json();
  expect(uploads).toMatchObject([{ id, path: "big.bin", confirmed: partSize }]);
  expect((await (await me.call("GET", "/api/uploads")).json()).uploads).toEqual([]);
  const other = await enter(door.origin, token);
  for (const who of [other, me]) {
    expect(await verdict(who.call("GET", `/api/uploads/${id}`))).toBe("403 forbidden");
    expect(await verdict(who.call("DELETE", `/api/uploads/${id}`))).toBe("403 forbidden");
  }
  // A browser that was killed may have lost its cookie; its page kept the ticket.
  const entered = await (await guestOf(door.origin, token).json("POST", "/api/guest", {})).json();
  expect(entered.ticket).toMatch(/^[\w-]{43}$/u);
  const ticket = guest.headers["cookie"]?.split("=")[1];
  const again = await enter(door.origin, token, { ticket });
  expect((await (await again.call("GET", "/api/uploads")).json()).uploads).toMatchObject([{ id }]);
  const resumed = await (await back.call("POST", `/api/uploads/${id}/resume`)).json();
  expect(resumed).toMatchObject({ path: "big.bin", receipts: [{ number: 1 }] });
});

test("a request takes no more than it says: bytes of a file, bytes and number of all, types; what is cancelled makes room", async () => {
  const limits = { maxFileSize: 100, maxBytes: 150, maxFiles: 2, types: [".txt", "image/*"] };
  const { token } = await makeLink(me, { kind: "request", path: "few/", ...limits });
  const guest = await enter(door.origin, token);
  const refused = (wish: object): Promise<string> => verdict(guest.json("POST", "/api/uploads", wish));
  expect(await refused({ path: "a.exe", size: 1 })).toBe("403 forbidden");
  expect(await refused({ path: "a.txt", size: 101 })).toBe("413 too-large");
  await guest.create({ path: "a.TXT", size: 100 });
  expect(await refused({ path: "b.txt", size: 51 })).toBe("507 no-space");
  const { id } = await guest.create({ path: "b.jpg", size: 50, type: "image/jpeg" });
  expect(await refused({ path: "c.txt", size: 0 })).toBe("507 no-space");
  expect(await (await guest.call("GET", "/api/guest")).json()).toMatchObject({
    maxFileSize: 100,
    bytesLeft: 0,
    filesLeft: 0,
  });
  await guest.call("DELETE", `/api/uploads/${id}`);
  await guest.create({ path: "c.txt", size: 50 });
});

test("a file that has arrived counts, though its answer was lost and its sender then cancels", async () => {
  await using place = await tempFolder();
  const inner = await fileStore(place.path);
  const { create, resume, stat } = inner;
  let isAway = false;
  const away = (): TransferError => new TransferError("unavailable", "Cannot reach the store");
  const losing = (upload: Upload): Upload => {
    const complete = upload.complete.bind(upload);
    upload.complete = async (...args) => {
      await complete(...args);
      isAway = true;
      throw away();
    };
    return upload;
  };
  const store = Object.assign(inner, {
    create: async (...args: Parameters<typeof create>) => losing(await create.call(inner, ...args)),
    resume: async (...args: Parameters<typeof resume>) => losing(await resume.call(inner, ...args)),
    stat: async (...args: Parameters<typeof stat>) => {
      if (isAway) throw away();
      return stat.call(inner, ...args);
    },
  });
  await using lossy = await httpDoor(store);
  const owner = Client.basic(lossy.origin, "admin", lossy.password);
  const { token } = await makeLink(owner, { kind: "request", path: "one/", maxFiles: 1, senderFolders: false });
  const guest = await enter(lossy.origin, token);
  const { id } = await guest.create({ path: "a.txt", size: 1 });
  await guest.put(id, 1, "a");
  expect((await guest.call("POST", `/api/uploads/${id}/complete`)).status).toBe(503);
  isAway = false;
  expect((await guest.call("DELETE", `/api/uploads/${id}`)).status).toBe(204);
  expect(await (await owner.call("GET", "/api/files/one/a.txt")).text()).toBe("a");
  expect(await verdict(guest.json("POST", "/api/uploads", { path: "b.txt", size: 1 }))).toBe("507 no-space");
});

test("a sender is told nothing of the folders of others, nor that some have stores of their own", async () => {
  const { token } = await makeLink(me, { kind: "request", path: "quiet/" });
  const guest = await enter(door.origin, token);
  expect((await (await guest.call("GET", "/api/session")).json()).store).not.toHaveProperty("bins");
  expect((await (await me.call("GET", "/api/session")).json()).store).toHaveProperty("bins");
});

test("who sends cannot leave their folder or replace what is in it", async () => {
  const { token } = await makeLink(me, { kind: "request", path: "box/", senderFolders: false });
  await me.call("PUT", "/api/files/box/there.txt", { body: "mine" });
  const guest = await enter(door.origin, token);
  for (const path of ["../out.txt", "a/../../out.txt", "/out.txt", "..\\out.txt"]) {
    expect([path, await verdict(guest.json("POST", "/api/uploads", { path, size: 1 }))]).toEqual([path, "400 invalid"]);
  }
  for (const conflict of ["overwrite", "fail"]) {
    const { id } = await guest.create({ path: "there.txt", size: 1, conflict });
    await guest.put(id, 1, "x");
    expect((await guest.call("POST", `/api/uploads/${id}/complete`)).status).toBe(200);
  }
  expect(await (await me.call("GET", "/api/files/box/there.txt")).text()).toBe("mine");
  expect(await verdict(guest.json("POST", "/api/move", { from: "there.txt", to: "x" }))).toBe("403 forbidden");
  expect(await verdict(guest.call("DELETE", "/api/files/there.txt"))).toBe("403 forbidden");
});

test("the owner hears of what a guest has sent, as of any other file, and by whom", async () => {
  const { token } = await makeLink(me, { kind: "request", path: "heard/", asks: ["name"] });
  const events = await me.call("GET", "/api/events?folder=heard/");
  const reader = events.body?.pipeThrough(new TextDecoderStream()).getReader();
  await send(await enter(door.origin, token, { name: "Kim" }), "a.txt", "hello");
  let heard = "";
  while (!heard.includes("heard/Kim/a.txt")) heard += (await reader?.read())?.value ?? "";
  await reader?.cancel();
  const change = /data: (.*heard\/Kim\/a\.txt.*)/u.exec(heard)?.[1] ?? "{}";
  expect(JSON.parse(change)).toMatchObject({
    kind: "arrived",
    size: 5,
    door: "link",
    account: expect.stringMatching(/^guest:/u),
  });
});

test("over a bucket guests send straight to the store, and take files through the server, which alone can stop them", async () => {
  await using opened = await openS3();
  await using s3 = await httpDoor(opened.store);
  const owner = Client.basic(s3.origin, "admin", s3.password);
  const request = await makeLink(owner, { kind: "request", path: "in/" });
  const guest = await enter(s3.origin, request.token, { name: "Ann" });
  const body = "hello";
  const { id, direct } = await guest.create({ path: "a.txt", size: body.length });
  expect(direct).toBe(true);
  const md5 = createHash("md5").update(body).digest("hex");
  const signed = await (await guest.json("POST", `/api/uploads/${id}/parts`, { parts: [{ number: 1, md5 }] })).json();
  const [{ url, headers }] = signed.parts;
  expect((await fetch(url, { method: "PUT", body, headers })).status).toBe(200);
  expect(await (await guest.call("POST", `/api/uploads/${id}/complete`)).json()).toMatchObject({
    path: "a.txt",
    size: 5,
  });
  const share = await makeLink(owner, { kind: "share", path: "in/" });
  const reader = guestOf(s3.origin, share.token);
  for (const query of ["", "?route=direct"]) {
    const taken = await reader.call("GET", `/files/Ann/a.txt${query}`, { headers: { "sec-fetch-mode": "navigate" } });
    expect([taken.status, await taken.text()]).toEqual([200, body]);
  }
  expect(await (await reader.json("POST", "/api/downloads", { path: "Ann/a.txt" })).json()).toMatchObject({ urls: [] });
});
