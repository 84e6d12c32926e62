import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rename, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chunksOf, crc64, MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openDigester, openFileSource } from "../src/node/index.ts";

let folder = "";
const bytes = randomBytes(3 * MiB + 17);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-source-"));
});
afterAll(() => rm(folder, { recursive: true }));

async function fileOf(name: string): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, bytes);
  return file;
}

test("a slice reads its own bytes, again and again", async () => {
  await using source = await openFileSource(await fileOf("a"));
  const slice = source.slice(100, 2 * MiB + 5);
  for (let time = 0; time < 2; time++) {
    const read = Buffer.from(await new Response(slice.stream()).arrayBuffer());
    expect(read.equals(bytes.subarray(100, 2 * MiB + 5))).toBe(true);
  }
});

test("a file that was written to meanwhile is refused", async () => {
  const file = await fileOf("b");
  await using source = await openFileSource(file);
  await utimes(file, new Date(0), new Date(0));
  await expect(new Response(source.slice(0, 10).stream()).bytes()).rejects.toMatchObject({ code: "file-changed" });
});

test("a file whose name another one has taken, or that is gone, is refused", async () => {
  const file = await fileOf("r");
  await using source = await openFileSource(file);
  await rename(await fileOf("other"), file);
  const read = () => new Response(source.slice(0, 10).stream()).bytes();
  await expect(read()).rejects.toMatchObject({ code: "file-changed", message: expect.stringContaining("another") });
  await rm(file);
  await expect(read()).rejects.toMatchObject({ code: "file-changed", message: expect.stringContaining("removed") });
});

test("a file that became shorter is refused", async () => {
  const file = await fileOf("c");
  await using source = await openFileSource(file);
  await writeFile(file, "short");
  await expect(source.check()).rejects.toMatchObject({ code: "file-changed" });
});

test("a missing file is not found, a folder is no file", async () => {
  await expect(openFileSource(join(folder, "missing"))).rejects.toMatchObject({ code: "not-found" });
  await expect(openFileSource(folder)).rejects.toMatchObject({ code: "invalid" });
});

test("digests of a file's region, a small one and a Blob are those of its bytes", async () => {
  await using digester = openDigester();
  await using source = await openFileSource(await fileOf("d"));
  for (const end of [bytes.length, 1000]) {
    const region = bytes.subarray(7, end);
    const expected = { md5: createHash("md5").update(region).digest("hex"), crc64: crc64(region) };
    expect(await digester.digest(source.slice(7, end))).toEqual(expected);
    expect(await digester.digest(new Blob([region]))).toEqual(expected);
  }
});

test("chunks of a slice are its reader's to keep, unless it lets their memory be used again", async () => {
  await using source = await openFileSource(await fileOf("k"));
  const slice = source.slice(5, bytes.length);
  const kept: Uint8Array[] = [];
  for await (const chunk of chunksOf(slice)) kept.push(chunk);
  expect(Buffer.concat(kept).equals(bytes.subarray(5))).toBe(true);

  const places = new Set<ArrayBufferLike>();
  const copied: Buffer[] = [];
  for await (const chunk of chunksOf(slice, { reuse: true })) {
    places.add(chunk.buffer);
    copied.push(Buffer.from(chunk));
  }
  expect(Buffer.concat(copied).equals(bytes.subarray(5))).toBe(true);
  // Two in turn, and the last one, which is small and copied.
  expect([kept.length, places.size]).toEqual([7, 3]);
});
