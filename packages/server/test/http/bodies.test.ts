import { createHash } from "node:crypto";
import { type BatchResults, batchContentType } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

let door: HttpDoor;
let admin: Client;

beforeAll(async () => {
  door = await httpDoor(memoryStore());
  admin = Client.basic(door.origin, door.user, door.password);
});
afterAll(() => door.close());

const read = async (path: string): Promise<Uint8Array> =>
  new Uint8Array(await (await admin.call("GET", `/api/files/${path}`)).arrayBuffer());
const md5 = (bytes: Uint8Array | string): string => createHash("md5").update(bytes).digest("hex");

function sample(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let index = 0; index < size; index++) bytes[index] = (index * 31 + (index >> 12)) & 255;
  return bytes;
}

test("a whole body of many parts arrives as it was", async () => {
  const bytes = sample(35 * 1024 * 1024 + 7);
  const headers = { "content-md5": createHash("md5").update(bytes).digest("base64") };
  const answer = await admin.call("PUT", "/api/files/whole.bin", { body: bytes, headers });
  expect(answer.status).toBe(201);
  expect(await answer.json()).toMatchObject({ path: "whole.bin", size: bytes.length });
  expect(md5(await read("whole.bin"))).toBe(md5(bytes));
});

test("a whole body of unknown length arrives as it was", async () => {
  const bytes = sample(17 * 1024 * 1024);
  const init = { body: new Blob([bytes]).stream(), duplex: "half" } as RequestInit;
  expect(await verdict(admin.call("PUT", "/api/files/chunked.bin", init))).toBe("201 fine");
  expect(md5(await read("chunked.bin"))).toBe(md5(bytes));
});

test("a whole body of unknown length that has more parts than the store takes is refused in words", async () => {
  await using few = await httpDoor(memoryStore(new Map(), { limits: { maxParts: 2 } }));
  const client = Client.basic(few.origin, few.user, few.password);
  const put = (bytes: Uint8Array<ArrayBuffer>): Promise<Response> =>
    client.call("PUT", "/api/files/few.bin", { body: new Blob([bytes]).stream(), duplex: "half" } as RequestInit);
  const refused = await put(sample(32 * 1024 * 1024 + 1));
  expect(refused.status).toBe(413);
  expect(await refused.json()).toMatchObject({
    code: "too-large",
    message: expect.stringMatching(/unknown length may have 33554432 bytes .*Content-Length/),
  });
  expect(await verdict(client.call("GET", "/api/files/few.bin?stat"))).toBe("404 not-found");
  expect((await put(sample(32 * 1024 * 1024))).status).toBe(201);
  // With its length told it has larger parts.
  expect((await client.call("PUT", "/api/files/few.bin", { body: sample(40 * 1024 * 1024) })).status).toBe(201);
});

test("an empty body is an empty file", async () => {
  expect(await verdict(admin.call("PUT", "/api/files/empty.bin", { body: "" }))).toBe("201 fine");
  expect((await read("empty.bin")).length).toBe(0);
});

test("a whole body with another MD5 does not appear", async () => {
  const headers = { "content-md5": createHash("md5").update("other").digest("base64") };
  for (const body of ["small", sample(20 * 1024 * 1024)]) {
    const call = admin.call("PUT", "/api/files/wrong.bin", { body, headers });
    expect(await verdict(call)).toBe("422 checksum-mismatch");
    expect(await verdict(admin.call("GET", "/api/files/wrong.bin?stat"))).toBe("404 not-found");
  }
});

test("a whole body heeds its policy", async () => {
  await admin.call("PUT", "/api/files/policy.bin", { body: "1" });
  expect(await verdict(admin.call("PUT", "/api/files/policy.bin?conflict=fail", { body: "2" }))).toBe("409 conflict");
  const renamed = await admin.call("PUT", "/api/files/policy.bin?conflict=rename", { body: "2" });
  expect(await renamed.json()).toMatchObject({ path: "policy (2).bin" });
  expect(await verdict(admin.call("PUT", "/api/files/policy.bin?conflict=maybe", { body: "2" }))).toBe("400 invalid");
});

test("a body that is JSON by name is bytes all the same", async () => {
  const headers = { "content-type": "application/json" };
  await admin.call("PUT", "/api/files/data.json", { body: "{not json", headers });
  const answer = await admin.call("GET", "/api/files/data.json");
  expect(answer.headers.get("content-type")).toBe("application/json");
  expect(await answer.text()).toBe("{not json");
});

function batch(files: readonly object[], bodies: readonly string[]): Promise<Response> {
  const manifest = Buffer.from(JSON.stringify({ files }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(manifest.length);
  const body = new Blob([length, manifest, ...bodies]);
  return admin.call("POST", "/api/batch", { body, headers: { "content-type": batchContentType } });
}

test("a batch writes its files, and a bad one has its error in its place", async () => {
  const long = "x".repeat(1024 * 1024 + 1);
  await admin.call("PUT", "/api/files/b/taken.txt", { body: "here" });
  const bad = [
    { file: { path: "b/aux.c" }, code: "invalid", says: "device on Windows" },
    { file: { path: "../out.txt" }, code: "invalid", says: "is not a name" },
    { file: { path: "" }, code: "invalid", says: "it is empty" },
    { file: { path: 7 }, code: "invalid", says: "not a text" },
    { file: {}, code: "invalid", says: '.path": it is missing' },
    { file: { path: ".naru/x" }, code: "invalid", says: "the store's own" },
    { file: { path: "b/type.txt", type: "no type" }, code: "invalid", says: '.type"' },
    { file: { path: "b/date.txt", modified: "yesterday" }, code: "invalid", says: '.modified"' },
    { file: { path: "b/policy.txt", conflict: "maybe" }, code: "invalid", says: '.conflict"' },
    { file: { path: "b/more.txt", colour: "red" }, code: "invalid", says: '.colour"' },
    { file: { path: "b/md5.txt", md5: "no" }, code: "invalid", says: '.md5"' },
    { file: { path: "b/two.txt", md5: md5("other") }, code: "checksum-mismatch", says: "not what was sent" },
    { file: { path: "b/crc.txt", crc64: "0".repeat(16) }, code: "checksum-mismatch", says: "not what was sent" },
    { file: { path: "b/long.txt" }, bytes: long, code: "too-large", says: "over 1048576 bytes" },
    { file: { path: "b/taken.txt", conflict: "fail" }, code: "conflict", says: "already a file" },
    { file: { path: "b/taken.txt/below.txt" }, code: "conflict", says: "is a file" },
  ];
  const good = (index: number) => ({ path: `b/좋은 ${index}.txt`, size: 5, md5: md5("right") });
  const files = bad.flatMap(({ file, bytes = "wrong" }, index) => [
    good(index),
    { size: bytes.length, md5: md5(bytes), ...file },
  ]);
  const answer = await batch(
    files,
    bad.flatMap(({ bytes = "wrong" }) => ["right", bytes]),
  );
  expect(answer.status).toBe(200);
  const { results } = (await answer.json()) as BatchResults;
  expect(results).toMatchObject(
    bad.flatMap(({ code, says }, index) => [
      { file: { path: good(index).path, size: 5 } },
      { error: { code, message: expect.stringContaining(says), retryable: code === "checksum-mismatch" } },
    ]),
  );
  expect(new TextDecoder().decode(await read(encodeURIComponent("b/좋은 0.txt")))).toBe("right");
  expect(new TextDecoder().decode(await read("b/taken.txt"))).toBe("here");
});

test("of many uploads made in one call, a bad one has its error in its place", async () => {
  const uploads = [{ path: "c/aux.c", size: 1 }, { path: "c/one.bin", size: 1 }, { path: "c/two.bin" }, 3];
  const answer = await admin.json("POST", "/api/uploads/batch", { uploads });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toMatchObject({
    results: [
      { error: { code: "invalid" } },
      { upload: { path: "c/one.bin" } },
      { error: { code: "invalid" } },
      { error: { code: "invalid" } },
    ],
  });
});

test("a batch of 200 files of one name gives each its own", async () => {
  const bodies = Array.from({ length: 200 }, (_, index) => String(index).padStart(3, "0"));
  const files = bodies.map((body) => ({ path: "many/a.txt", size: 3, md5: md5(body) }));
  const answer = await batch(files, bodies);
  const { results } = (await answer.json()) as { results: { file: { path: string } }[] };
  expect(new Set(results.map(({ file }) => file.path)).size).toBe(200);
});

test("a batch whose bodies do not add up is refused", async () => {
  const files = [{ path: "short.txt", size: 3, md5: md5("one") }];
  expect(await verdict(batch(files, ["on"]))).toBe("400 short-body");
  expect(await verdict(batch(files, ["one!"]))).toBe("400 long-body");
  // Without its size nobody knows where the next file begins.
  expect(await verdict(batch([{ path: "x", md5: md5("1") }], ["1"]))).toBe("400 invalid");
  const call = admin.call("POST", "/api/batch", { body: "{}", headers: { "content-type": "application/json" } });
  expect(await verdict(call)).toBe("400 invalid");
});

test("a plain form is enough", async () => {
  const form = new FormData();
  form.set("to", "폼");
  form.append("file", new Blob([sample(200_000)], { type: "image/png" }), "그림 1.png");
  form.append("file", new Blob(["two"]), "two.txt");
  form.append("file", new Blob([]), "");
  const answer = await admin.call("POST", "/api/files", { body: form });
  expect(answer.status).toBe(201);
  const { files } = (await answer.json()) as { files: { path: string; size: number; type?: string }[] };
  expect(files).toMatchObject([
    { path: "폼/그림 1.png", size: 200_000, type: "image/png" },
    { path: "폼/two.txt", size: 3 },
  ]);
});

test("a form goes on to a page of this server only", async () => {
  const go = (next: string): Promise<Response> => {
    const form = new FormData();
    form.set("next", next);
    form.append("file", new Blob(["x"]), "next.txt");
    return admin.call("POST", "/api/files?to=next", { body: form });
  };
  const answer = await go("/done?ok=1");
  expect([answer.status, answer.headers.get("location")]).toEqual([303, "/done?ok=1"]);
  for (const next of ["https://evil.example/", "//evil.example", "/\\evil.example"]) {
    expect(await verdict(go(next))).toBe("400 invalid");
  }
});

test("a form that leads out, or ends early, is refused", async () => {
  const form = new FormData();
  form.append("file", new Blob(["x"]), "x.txt");
  expect(await verdict(admin.call("POST", "/api/files?to=../out", { body: form }))).toBe("400 invalid");
  const headers = { "content-type": "multipart/form-data; boundary=b" };
  const body = '--b\r\ncontent-disposition: form-data; name="f"; filename="cut.txt"\r\n\r\nhalf of';
  expect(await verdict(admin.call("POST", "/api/files", { body, headers }))).toMatch(/^400 /);
  expect(await verdict(admin.call("GET", "/api/files/cut.txt?stat"))).toBe("404 not-found");
});
