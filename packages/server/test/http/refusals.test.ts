import { createHash } from "node:crypto";
import { connect } from "node:net";
import { memoryStore } from "@naru/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

let door: HttpDoor;
let admin: Client;
let other: Client;

beforeAll(async () => {
  door = await httpDoor(memoryStore());
  admin = Client.basic(door.origin, door.user, door.password);
  await admin.json("POST", "/api/accounts", { name: "mina", password: "a password" });
  other = Client.basic(door.origin, "mina", "a password");
});
afterAll(() => door.close());

const wish = { path: "a.bin", size: 10 };

describe("create refuses", () => {
  const bad: Readonly<Record<string, object>> = {
    "an unknown field": { ...wish, colour: "red" },
    "a negative size": { ...wish, size: -1 },
    "a size that is not whole": { ...wish, size: 1.5 },
    "a size as text": { ...wish, size: "10" },
    "an unsafe size": { ...wish, size: 2 ** 60 },
    "a name that is too long": { ...wish, path: "가".repeat(100) },
    "a path that leads out": { ...wish, path: "../a" },
    "an absolute path": { ...wish, path: "/etc/passwd" },
    "a path with NUL": { ...wish, path: "a\0b" },
    "no path": { size: 1 },
    "a date that is none": { ...wish, modified: "yesterday" },
    "an unknown policy": { ...wish, conflict: "merge" },
  };
  test.each(Object.entries(bad))("%s", async (_name, body) => {
    expect(await verdict(admin.json("POST", "/api/uploads", body))).toBe("400 invalid");
  });

  test("a name below a file, and a folder's, before a byte is sent", async () => {
    for (const path of ["tree/file", "tree/folder/x"]) {
      expect((await admin.call("PUT", `/api/files/${path}`, { body: "x" })).status).toBe(201);
    }
    for (const conflict of ["fail", "rename", "overwrite"]) {
      for (const path of ["tree/file/y", "tree/file/a/y"]) {
        const answer = await admin.json("POST", "/api/uploads", { path, size: 1, conflict });
        expect(answer.status).toBe(409);
        expect(await answer.json()).toMatchObject({
          code: "conflict",
          message: expect.stringContaining('"tree/file" is a file'),
        });
      }
      const named = await admin.json("POST", "/api/uploads", { path: "tree/folder", size: 1, conflict });
      if (conflict === "rename") expect(await named.json()).toMatchObject({ path: "tree/folder (2)" });
      else expect(await verdict(named)).toBe("409 conflict");
    }
    const move = { from: "tree/folder/x", to: "tree/file/x" };
    expect(await verdict(admin.json("POST", "/api/move", move))).toBe("409 conflict");
  });

  test("an absurd size", async () => {
    const answer = verdict(admin.json("POST", "/api/uploads", { ...wish, size: 2 ** 50 }));
    expect(await answer).toBe("413 too-large");
  });

  test("what is not JSON", async () => {
    const call = admin.call("POST", "/api/uploads", { body: "{", headers: { "content-type": "application/json" } });
    expect(await verdict(call)).toBe("400 invalid");
  });

  test("one of many without the others", async () => {
    const uploads = [wish, { path: "b", size: 2 ** 50 }];
    const answer = await admin.json("POST", "/api/uploads/batch", { uploads });
    expect(await answer.json()).toMatchObject({
      results: [{ upload: { path: "a.bin" } }, { error: { code: "too-large" } }],
    });
  });
});

test("of uploads that must not replace a file, one arrives at a path", async () => {
  const race = { path: "race.bin", size: 1, conflict: "fail" };
  const uploads = await Promise.all([1, 2, 3].map(() => admin.create(race)));
  for (const { id } of uploads) await admin.put(id, 1, "x");
  const ends = await Promise.all(
    uploads.map(({ id }) => verdict(admin.json("POST", `/api/uploads/${id}/complete`, {}))),
  );
  expect(ends.sort()).toEqual(["200 fine", "409 conflict", "409 conflict"]);
  const write = (): Promise<string> => verdict(admin.call("PUT", "/api/files/put.bin?conflict=fail", { body: "x" }));
  expect((await Promise.all([write(), write(), write()])).sort()).toEqual(["201 fine", "409 conflict", "409 conflict"]);
  const move = (from: string): Promise<string> => verdict(admin.json("POST", "/api/move", { from, to: "moved.bin" }));
  expect((await Promise.all([move("race.bin"), move("put.bin")])).sort()).toEqual(["200 fine", "409 conflict"]);
});

describe("a part is refused", () => {
  test("when its body is longer or shorter than the plan says", async () => {
    const { id } = await admin.create({ path: "lengths.bin", size: 10 });
    expect(await verdict(admin.put(id, 1, "123"))).toBe("400 short-body");
    expect(await verdict(admin.put(id, 1, "12345678901"))).toBe("400 long-body");
  });

  test("when its number is outside the plan", async () => {
    const { id } = await admin.create({ path: "numbers.bin", size: 10 });
    for (const number of [0, 2, -1, 10_001]) {
      expect(await verdict(admin.put(id, number, "1234567890"))).toBe("400 invalid");
    }
  });

  test("when its MD5 or CRC-64 is another", async () => {
    const { id } = await admin.create({ path: "digests.bin", size: 10 });
    const wrong = createHash("md5").update("other").digest("base64");
    const right = createHash("md5").update("1234567890").digest("base64");
    expect(await verdict(admin.put(id, 1, "1234567890", { "content-md5": wrong }))).toBe("422 checksum-mismatch");
    const both = { "content-md5": wrong, "naru-crc64": "0123456789abcdef" };
    expect(await verdict(admin.put(id, 1, "1234567890", both))).toBe("422 checksum-mismatch");
    expect(await verdict(admin.put(id, 1, "1234567890", { "content-md5": "?" }))).toBe("400 invalid");
    const held = await admin.call("GET", `/api/uploads/${id}`);
    expect(await held.json()).toMatchObject({ receipts: [] });
    expect(await verdict(admin.put(id, 1, "1234567890", { "content-md5": right }))).toBe("200 fine");
  });

  test("when its length is not told", async () => {
    const { id } = await admin.create({ path: "chunked.bin", size: 10 });
    const stream = new Blob(["1234567890"]).stream();
    const call = admin.call("PUT", `/api/uploads/${id}/parts/1`, { body: stream, duplex: "half" } as RequestInit);
    expect(await verdict(call)).toBe("400 invalid");
  });

  test("when the connection is cut, and nothing is lost", async () => {
    const { id } = await admin.create({ path: "cut.bin", size: 10 });
    await sendHalf(id);
    const held = await admin.call("GET", `/api/uploads/${id}`);
    expect(await held.json()).toMatchObject({ receipts: [] });
    expect(await verdict(admin.put(id, 1, "1234567890"))).toBe("200 fine");
    expect(await verdict(admin.json("POST", `/api/uploads/${id}/complete`, {}))).toBe("200 fine");
  });

  test("and its sender gets to read why, though it sends much more", async () => {
    const { id } = await admin.create({ path: "large.bin", size: 10 });
    const answer = await admin.put(id, 1, new Uint8Array(20 * 1024 * 1024));
    expect(await verdict(answer)).toBe("400 long-body");
    expect(answer.headers.get("connection")).toBe("close");
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });
});

test("someone else's upload is not to be touched", async () => {
  const { id } = await admin.create({ path: "mine.bin", size: 10 });
  expect(await verdict(other.put(id, 1, "1234567890"))).toBe("403 forbidden");
  expect(await verdict(other.call("GET", `/api/uploads/${id}`))).toBe("403 forbidden");
  expect(await verdict(other.call("POST", `/api/uploads/${id}/resume`))).toBe("403 forbidden");
  expect(await verdict(other.json("POST", `/api/uploads/${id}/complete`, {}))).toBe("403 forbidden");
  expect(await verdict(other.call("DELETE", `/api/uploads/${id}`))).toBe("403 forbidden");
  const list = (await (await other.call("GET", "/api/uploads")).json()) as { uploads: unknown[] };
  expect(list.uploads).toEqual([]);
  expect(await verdict(admin.put(id, 1, "1234567890"))).toBe("200 fine");
});

test("a hole is refused at complete, and the upload lives on", async () => {
  const { id } = await admin.create({ path: "hole.bin", size: 10 });
  expect(await verdict(admin.json("POST", `/api/uploads/${id}/complete`, {}))).toBe("409 incomplete");
  expect(await verdict(admin.put(id, 1, "1234567890"))).toBe("200 fine");
  expect(await verdict(admin.json("POST", `/api/uploads/${id}/complete`, {}))).toBe("200 fine");
});

test("an unknown upload and an unknown call are named so", async () => {
  expect(await verdict(admin.call("GET", "/api/uploads/nope"))).toBe("404 not-found");
  expect(await verdict(admin.call("GET", "/api/nope"))).toBe("404 not-found");
  expect(await verdict(admin.call("DELETE", "/api/uploads/nope"))).toBe("204 fine");
});

/** Send half of a part, then cut the wire; returns when the server has noticed. */
async function sendHalf(id: string): Promise<void> {
  const { hostname, port } = new URL(door.origin);
  const socket = connect(Number(port), hostname);
  const head = [
    `PUT /api/uploads/${id}/parts/1 HTTP/1.1`,
    "host: naru",
    `authorization: ${admin.headers["authorization"]}`,
    "content-length: 10",
    "",
    "12345",
  ];
  await new Promise<void>((resolve) => socket.write(head.join("\r\n"), () => resolve()));
  const closed = new Promise((resolve) => socket.once("close", resolve));
  socket.resume().end();
  await closed;
}
