import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BatchResults, batchContentType, crc64, type KnownResults, type WireFilePage } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { Client } from "./client.ts";

let folder: TempFolder;
let door: HttpDoor;
let admin: Client;

beforeAll(async () => {
  folder = await tempFolder();
  door = await httpDoor(await fileStore(folder.path));
  admin = Client.basic(door.origin, door.user, door.password);
});
afterAll(async () => {
  await door.close();
  await folder[Symbol.asyncDispose]();
});

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly md5: string;
}

function entryOf(path: string, body: string): Entry {
  return { path, size: body.length, md5: createHash("md5").update(body).digest("hex") };
}

async function send(bodies: Readonly<Record<string, string>>, more: object = {}): Promise<BatchResults["results"]> {
  const files = Object.entries(bodies).map(([path, body]) => ({ ...entryOf(path, body), ...more }));
  const manifest = Buffer.from(JSON.stringify({ files }));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(manifest.length);
  const body = new Blob([length, manifest, ...Object.values(bodies)]);
  const answer = await admin.call("POST", "/api/batch", { body, headers: { "content-type": batchContentType } });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as BatchResults).results;
}

async function known(files: readonly object[]): Promise<KnownResults["results"]> {
  const answer = await admin.json("POST", "/api/batch/known", { files });
  expect(answer.status).toBe(200);
  return ((await answer.json()) as KnownResults).results;
}

async function list(prefix: string): Promise<readonly string[]> {
  const page = (await (await admin.call("GET", `/api/files?prefix=${prefix}`)).json()) as WireFilePage;
  return page.files.map(({ path }) => path);
}

const read = async (path: string): Promise<string> => (await admin.call("GET", `/api/files/${path}`)).text();

test("a file of a batch that is there with the same bytes is not written again", async () => {
  const first = await send({ "a/x.txt": "one", "a/y.txt": "two" });
  expect(first).toMatchObject([{ file: { path: "a/x.txt" } }, { file: { path: "a/y.txt" } }]);
  expect(first.some((result) => "same" in result)).toBe(false);
  expect(await send({ "a/x.txt": "one", "a/y.txt": "TWO" })).toMatchObject([
    { file: { path: "a/x.txt" }, same: true },
    { file: { path: "a/y (2).txt" } },
  ]);
  // Also one that was given another name when it came first.
  expect(await send({ "a/y.txt": "TWO" })).toMatchObject([{ file: { path: "a/y (2).txt" }, same: true }]);
  expect(await list("a/")).toEqual(["a/x.txt", "a/y (2).txt", "a/y.txt"]);
});

test("other policies are what they were: fail refuses, overwrite writes", async () => {
  await send({ "p/x.txt": "one" });
  expect(await send({ "p/x.txt": "one" }, { conflict: "fail" })).toMatchObject([{ error: { code: "conflict" } }]);
  const modified = "2020-02-02T02:02:02.000Z";
  expect(await send({ "p/x.txt": "one" }, { conflict: "overwrite", modified })).toMatchObject([
    { file: { path: "p/x.txt", modified } },
  ]);
});

test("a file without a known checksum is read before it counts as the same", async () => {
  await send({ "foreign/x.txt": "one" });
  await writeFile(join(folder.path, "foreign/by-hand.txt"), "four");
  await writeFile(join(folder.path, "foreign/other.txt"), "five");
  expect(await send({ "foreign/by-hand.txt": "four", "foreign/other.txt": "nine" })).toMatchObject([
    { file: { path: "foreign/by-hand.txt" }, same: true },
    { file: { path: "foreign/other (2).txt" } },
  ]);
  // Also when it was ours and somebody changed it.
  await writeFile(join(folder.path, "foreign/x.txt"), "ONE");
  expect(await send({ "foreign/x.txt": "one" })).toMatchObject([{ file: { path: "foreign/x (2).txt" } }]);
});

test("a body that is not what its checksum says is no file that is there", async () => {
  await send({ "w/x.txt": "one" });
  const wrong = await send({ "w/x.txt": "two" }, { md5: entryOf("", "one").md5 });
  expect(wrong).toMatchObject([{ error: { code: "checksum-mismatch" } }]);
});

test("a checksum that other bytes can be made to have does not prove that they are the same", async () => {
  await send({ "c/x.txt": "one" });
  const alike = { ...entryOf("c/x.txt", "two"), crc64: crc64(Buffer.from("one")) };
  expect(await known([alike])).toEqual([{}]);
  const same = { ...entryOf("c/x.txt", "one"), crc64: crc64(Buffer.from("one")) };
  expect(await known([same])).toMatchObject([{ file: { path: "c/x.txt" } }]);
});

test("of the same files sent twice at once, each is written once", async () => {
  const bodies = Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`twice/${index}.txt`, `body ${index}`]));
  const sent = await Promise.all([send(bodies), send(bodies), send(bodies)]);
  expect((await list("twice/")).length).toBe(40);
  const same = sent.flat().filter((result) => "same" in result);
  expect(same.length).toBe(80);
});

test("files that are there are told without being sent", async () => {
  await send({ "k/x.txt": "one", "k/y.txt": "two" });
  const results = await known([
    entryOf("k/x.txt", "one"),
    entryOf("k/y.txt", "TWO"),
    entryOf("k/none.txt", "one"),
    { ...entryOf("k/aux.c", "one") },
  ]);
  expect(results).toMatchObject([{ file: { path: "k/x.txt", size: 3 } }, {}, {}, {}]);
  expect(results.filter(({ file }) => file !== undefined).length).toBe(1);
  expect(await read("k/y.txt")).toBe("two");
});
