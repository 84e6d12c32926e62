import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, symlink, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { crc64, type Files, type Part, type Store, TransferError } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { safeNames } from "../../src/stores/file/root-folder.ts";
import { type TempFolder, tempFolder } from "./temp-folder.ts";

let folder: TempFolder;
let outside: TempFolder;
let store: Store & Files;

beforeAll(async () => {
  [folder, outside] = await Promise.all([tempFolder(), tempFolder()]);
  store = await fileStore(folder.path);
  await whole("movable", "x");
});

afterAll(async () => {
  await Promise.all([folder[Symbol.asyncDispose](), outside[Symbol.asyncDispose]()]);
});

const body = (text: string) => new Blob([text]);
const partOf = (number: number, offset: number, size: number): Part => ({ number, offset, size });
const failsWith = (code: string) => expect.objectContaining({ name: "TransferError", code });
const textOf = async (path: string) => new Response(await store.read(path)).text();

async function whole(path: string, text: string): Promise<void> {
  const upload = await store.create({ path, size: text.length, partSize: Math.max(1, text.length) });
  await upload.put(partOf(1, 0, text.length), body(text));
  await upload.complete();
}

for (const path of [
  "",
  "/etc/passwd",
  "../up",
  "a/../../up",
  "a//b",
  "a/",
  "./a",
  "a\0b",
  ".naru/x",
  ".NARU/x",
  ".naru",
]) {
  test(`the path ${JSON.stringify(path)} is refused everywhere`, async () => {
    const invalid = failsWith("invalid");
    await expect(store.create({ path, size: 1 })).rejects.toEqual(invalid);
    await expect(store.putFile?.({ path, size: 1 }, body("x"))).rejects.toEqual(invalid);
    await expect(store.stat(path)).rejects.toEqual(invalid);
    await expect(store.read(path)).rejects.toEqual(invalid);
    await expect(store.remove(path)).rejects.toEqual(invalid);
    await expect(store.move("movable", path)).rejects.toEqual(invalid);
  });
}

test("names that Windows keeps for itself are refused there, and only there", () => {
  for (const name of ["con", "NUL.txt", "a/COM1", "a:b", "dot.", "space ", "a\\b", "q?"]) {
    expect(() => safeNames(name, { windows: true })).toThrow(TransferError);
    expect(safeNames(name, { windows: false })).toEqual(name.split("/"));
  }
});

test("a symbolic link that leads out is neither read, written through nor listed", async () => {
  await writeFile(join(outside.path, "secret"), "secret");
  await symlink(outside.path, join(folder.path, "exit"));
  await symlink(join(outside.path, "secret"), join(folder.path, "peek"));
  const forbidden = failsWith("forbidden");
  await expect(store.create({ path: "exit/new", size: 1 })).rejects.toEqual(forbidden);
  await expect(store.read("exit/secret")).rejects.toEqual(forbidden);
  await expect(store.read("peek")).rejects.toEqual(forbidden);
  await expect(store.remove("exit/secret")).rejects.toEqual(forbidden);
  const { files, folders } = await store.list({ delimiter: "/" });
  expect(files.map(({ path }) => path)).not.toContain("peek");
  expect(folders).not.toContain("exit/");
  expect(await readFile(join(outside.path, "secret"), "utf8")).toBe("secret");
});

test("a symbolic link into the store's own folder opens nothing", async () => {
  await symlink(join(folder.path, ".naru"), join(folder.path, "inner"));
  await expect(store.create({ path: "inner/x", size: 1 })).rejects.toEqual(failsWith("forbidden"));
});

test("the store's own folder is never listed", async () => {
  await store.create({ path: "waiting.bin", size: 10 });
  const { files } = await store.list();
  const { folders } = await store.list({ delimiter: "/" });
  expect(files.filter(({ path }) => path.startsWith(".naru"))).toEqual([]);
  expect(folders).not.toContain(".naru/");
  expect(await store.list({ prefix: ".naru/" })).toEqual({ files: [], folders: [] });
  expect(await store.list({ prefix: "../" })).toEqual({ files: [], folders: [] });
});

test("a list is in the order of the bytes of whole paths, page by page", async () => {
  const paths = ["o/a-b", "o/a/z", "o/a0", "o/ab", "o/가", "o/😀", "o/\uffee"];
  for (const path of paths) await whole(path, "x");
  const wanted = paths.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await store.list({ prefix: "o/", limit: 2, cursor });
    seen.push(...page.files.map(({ path }) => path));
    cursor = page.cursor;
  } while (cursor !== undefined);
  expect(seen).toEqual(wanted);
});

test("an upload goes on in another process, also after a crash tore the last line of its log", async () => {
  const upload = await store.create({ path: "torn.bin", size: 8, partSize: 4, modified: new Date(1_600_000_000_000) });
  await upload.put(partOf(1, 0, 4), body("abcd"));
  const log = join(folder.path, ".naru", "uploads", upload.id, "log");
  await writeFile(log, '\n{"receipt":{"part":{"num', { flag: "a" });
  const again = await (await fileStore(folder.path)).resume(upload.id);
  expect((await again.receipts()).map(({ part }) => part)).toEqual([partOf(1, 0, 4)]);
  await again.put(partOf(2, 4, 4), body("efgh"));
  const stored = await again.complete();
  expect(stored).toMatchObject({
    size: 8,
    crc64: crc64(Buffer.from("abcdefgh")),
    modified: new Date(1_600_000_000_000),
  });
  expect(await textOf("torn.bin")).toBe("abcdefgh");
  expect(await readdir(join(folder.path, ".naru", "uploads"))).not.toContain(upload.id);
});

test("a part that fails when it is written again leaves the part that was there", async () => {
  const upload = await store.create({ path: "again.bin", size: 4, partSize: 4 });
  await upload.put(partOf(1, 0, 4), body("good"));
  const digest = { md5: createHash("md5").update("else").digest("hex"), crc64: "" };
  await expect(upload.put(partOf(1, 0, 4), body("evil"), { digest })).rejects.toEqual(failsWith("checksum-mismatch"));
  await upload.complete();
  expect(await textOf("again.bin")).toBe("good");
});

test("whoever sends a part anew wins over a sender that hangs", async () => {
  const upload = await store.create({ path: "hang.bin", size: 4, partSize: 4 });
  let feed: ReadableStreamDefaultController<Uint8Array<ArrayBuffer>> | undefined;
  const stream = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start: (controller) => {
      feed = controller;
    },
  });
  const hanging = upload.put(partOf(1, 0, 4), { size: 4, stream: () => stream });
  hanging.catch(() => {});
  await upload.put(partOf(1, 0, 4), body("good"));
  feed?.enqueue(new TextEncoder().encode("evil"));
  feed?.close();
  await expect(hanging).rejects.toEqual(failsWith("superseded"));
  await upload.complete();
  expect(await textOf("hang.bin")).toBe("good");
});

test("a part beyond the plan is refused", async () => {
  const upload = await store.create({ path: "plan.bin", size: 6, partSize: 4 });
  const invalid = failsWith("invalid");
  await expect(upload.put(partOf(3, 8, 1), body("x"))).rejects.toEqual(invalid);
  await expect(upload.put(partOf(2, 4, 4), body("xxxx"))).rejects.toEqual(invalid);
  await expect(upload.put(partOf(0, 0, 4), body("xxxx"))).rejects.toEqual(invalid);
});

test("a file of unknown size ends where its parts end", async () => {
  const upload = await store.create({ path: "unknown.bin" });
  await upload.put(partOf(1, 0, 4), body("abcd"));
  await upload.put(partOf(2, 4, 2), body("ef"));
  expect(await upload.complete()).toMatchObject({ size: 6, crc64: crc64(Buffer.from("abcdef")) });
  expect(await textOf("unknown.bin")).toBe("abcdef");
});

test("a file that changed behind the store's back loses its checksum and its etag", async () => {
  await whole("foreign.txt", "hello");
  const before = await store.stat("foreign.txt");
  await writeFile(join(folder.path, "foreign.txt"), "HELLO");
  await utimes(join(folder.path, "foreign.txt"), 1, 1);
  const after = await store.stat("foreign.txt");
  expect(before?.crc64).toBe(crc64(Buffer.from("hello")));
  expect(after?.crc64).toBeUndefined();
  expect(after?.etag).not.toBe(before?.etag);
  await expect(store.read("foreign.txt", { etag: before?.etag })).rejects.toEqual(failsWith("conflict"));
});

test("more than the disk can hold is refused before it is sent", async () => {
  await expect(store.create({ path: "huge.bin", size: 2 ** 52 })).rejects.toEqual(failsWith("no-space"));
});

test("a file is not written over a folder, nor under a file", async () => {
  await mkdir(join(folder.path, "dir"), { recursive: true });
  await whole("plain", "x");
  await expect(store.create({ path: "dir", size: 1 })).rejects.toEqual(failsWith("conflict"));
  await expect(whole("plain/below", "x")).rejects.toEqual(failsWith("conflict"));
});

test("removing the last file of a folder removes the folder", async () => {
  await whole("deep/er/file", "x");
  await store.remove("deep/er/file");
  expect((await store.list({ delimiter: "/" })).folders).not.toContain("deep/");
});
