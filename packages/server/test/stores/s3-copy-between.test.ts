import { randomBytes } from "node:crypto";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openS3 } from "./opened-bucket.ts";

let from: Awaited<ReturnType<typeof openS3>>;
let to: Awaited<ReturnType<typeof openS3>>;

beforeAll(async () => {
  [from, to] = await Promise.all([openS3(), openS3({ prefix: "in/" })]);
});
afterAll(() => Promise.all([from[Symbol.asyncDispose](), to[Symbol.asyncDispose]()]));

async function plant(path: string, bytes: Uint8Array<ArrayBuffer>) {
  await from.plant(path, bytes);
  const file = await from.store.stat(path);
  if (file === undefined) throw new Error(`Cannot plant "${path}"`);
  return file;
}

test("a file goes to another bucket of the service, as long as it is the one that was seen", async () => {
  const copier = await to.store.copierFrom(from.store);
  const seen = await plant("한글 (1).txt", new Uint8Array([1, 2, 3]));
  expect(await copier?.copy(seen, "b")).toBe(seen.etag);
  expect((await to.store.stat("b"))?.size).toBe(3);
  await plant("한글 (1).txt", new Uint8Array([4, 5]));
  await expect(copier?.copy(seen, "c")).rejects.toMatchObject({ code: "file-changed" });
  await expect(copier?.copy({ ...seen, path: "none" }, "c")).rejects.toMatchObject({ code: "not-found" });
});

test("a large one goes by parts of an upload, without bytes of ours", async () => {
  const copier = await to.store.copierFrom(from.store);
  const bytes = new Uint8Array(randomBytes(7 * MiB));
  const seen = await plant("large", bytes);
  const partSize = 5 * MiB;
  const upload = await to.store.create({ path: "large", size: seen.size, partSize });
  const parts = [0, partSize].map((offset, index) => ({
    number: index + 1,
    offset,
    size: Math.min(partSize, seen.size - offset),
  }));
  for (const part of parts) await copier?.copyPart(upload.id, part, seen);
  expect(await upload.complete()).toMatchObject({ size: seen.size });
  const copied = await new Response(await to.store.read("large")).bytes();
  expect(Buffer.compare(copied, bytes)).toBe(0);
});

test("a part of a file that has changed is refused", async () => {
  const copier = await to.store.copierFrom(from.store);
  const seen = await plant("busy", new Uint8Array(6 * MiB));
  const upload = await to.store.create({ path: "busy", size: seen.size, partSize: seen.size });
  await plant("busy", new Uint8Array(6 * MiB).fill(1));
  const part = { number: 1, offset: 0, size: seen.size };
  await expect(copier?.copyPart(upload.id, part, seen)).rejects.toMatchObject({ code: "file-changed" });
  await upload.abort();
});

test("buckets of different keys or services are not copied between by the store", async () => {
  const credentials = async () => ({ accessKeyId: "other", secretAccessKey: "secret" });
  await using other = await openS3({ credentials });
  await using elsewhere = await openS3({ endpoint: "http://localhost:1" });
  expect(await to.store.copierFrom(other.store)).toBeUndefined();
  expect(await to.store.copierFrom(elsewhere.store)).toBeUndefined();
  expect(await to.store.copierFrom({})).toBeUndefined();
});
