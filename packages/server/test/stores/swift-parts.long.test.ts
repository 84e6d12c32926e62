/** What Swift does with the parts of a file beside the file, and what people are spared of it. */

import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import type { Body, PartToSign, Upload } from "@naru/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Swift, startSwift } from "../../../../test/peers/swift.ts";
import { fact } from "../../src/stores/profiles/store-profile.ts";
import { swift as profile } from "../../src/stores/profiles/swift.ts";
import type { S3StoreOptions } from "../../src/stores/s3/s3-store.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { openS3 } from "./opened-bucket.ts";

let swift: Swift;
beforeAll(async () => {
  swift = await startSwift();
});
afterAll(() => swift?.[Symbol.asyncDispose]());

const closing: AsyncDisposable[] = [];
afterEach(async () => {
  for (const one of closing.splice(0).reverse()) await one[Symbol.asyncDispose]();
});

const partSize = 1000;
const bytesOf = (size: number): Uint8Array<ArrayBuffer> => Uint8Array.from(randomBytes(size));
const partAt = (number: number) => ({ number, offset: (number - 1) * partSize, size: partSize });
const partOf = (bytes: Uint8Array<ArrayBuffer>, number: number) =>
  bytes.subarray((number - 1) * partSize, number * partSize);

async function open(more: Partial<S3StoreOptions> = {}) {
  const opened = await openS3({ profile, limits: { minPartSize: 1 }, ...more }, swift);
  closing.push(opened);
  const leftBehind = async () => (await swift.listContainer(`${opened.bucket}+segments`)).map(({ bytes }) => bytes);
  return { ...opened, leftBehind };
}

async function putAll(upload: Upload, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  for (let number = 1; number <= bytes.length / partSize; number++)
    await upload.put(partAt(number), new Blob([partOf(bytes, number)]));
}

/** A part as it is to be signed for these bytes. */
function toSign(number: number, body: Uint8Array<ArrayBuffer>): PartToSign {
  const md5 = createHash("md5").update(body).digest("hex");
  return { ...partAt(number), digest: { md5, crc64: "0".repeat(16) } };
}

/** Sends the first half of a part, and the rest when it is told to. */
function slowBody(bytes: Uint8Array<ArrayBuffer>) {
  const [begun, rest] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const half = bytes.length / 2;
  const pieces = [bytes.subarray(0, half), bytes.subarray(half)];
  const stream = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>(
      {
        async pull(controller) {
          if (pieces.length === 1) {
            begun.resolve();
            await rest.promise;
          }
          const piece = pieces.shift();
          if (piece === undefined) controller.close();
          else controller.enqueue(piece);
        },
      },
      { highWaterMark: 0 },
    );
  const body: Body = { size: bytes.length, stream };
  return { body, begun: begun.promise, send: rest.resolve };
}

describe("an upload that is aborted", () => {
  test("leaves no part behind", async () => {
    const { store, leftBehind } = await open();
    const upload = await store.create({ path: "a.bin", size: 3 * partSize, partSize });
    await putAll(upload, bytesOf(3 * partSize));
    expect(await leftBehind()).toHaveLength(4);
    await upload.abort();
    expect(await leftBehind()).toEqual([]);
  });

  test("leaves none either that was on its way: it is stopped first, and says that the upload is gone", async () => {
    const { store, leftBehind } = await open();
    const upload = await store.create({ path: "a.bin", size: 2 * partSize, partSize });
    const { body, begun, send } = slowBody(bytesOf(partSize));
    const putting = upload.put(partAt(1), body);
    const refused = expect(putting).rejects.toMatchObject({ code: "not-found" });
    await begun;
    await upload.abort();
    send();
    await refused;
    expect(await leftBehind()).toEqual([]);
  });
});

test("parts that a completed file leaves out keep no byte", async () => {
  const { store, leftBehind } = await open();
  const bytes = bytesOf(5 * partSize);
  const upload = await store.create({ path: "a.bin", partSize });
  await putAll(upload, bytes);
  await upload.complete({ count: 3 });
  expect((await fetchAll(store, "a.bin")).equals(bytes.subarray(0, 3 * partSize))).toBe(true);
  await store.remove("a.bin");
  expect(await leftBehind()).toEqual([0, 0]);
});

describe("a part with other bytes that comes when its file is complete", () => {
  test.each([1, 3])("is found, and sent again it mends the file (part %i)", async (number) => {
    const { store } = await open();
    const bytes = bytesOf(3 * partSize);
    const upload = await store.create({ path: "a.bin", size: bytes.length, partSize });
    await putAll(upload, bytes);
    const other = bytesOf(partSize);
    const [late] = (await upload.presign?.([toSign(number, other)])) ?? [];
    const again = await store.resume(upload.id);
    await upload.complete();
    expect((await fetch(late?.url ?? "", { method: "PUT", headers: late?.headers ?? {}, body: other })).status).toBe(
      200,
    );
    // What HEAD says is as before, though nobody can read the file.
    expect(await store.stat("a.bin")).toMatchObject({ size: bytes.length });
    await expect(fetchAll(store, "a.bin")).rejects.toThrow();
    await expect(again.complete()).rejects.toMatchObject({ code: "checksum-mismatch" });
    await again.put(partAt(number), new Blob([partOf(bytes, number)]));
    expect(await again.complete()).toMatchObject({ size: bytes.length });
    expect((await fetchAll(store, "a.bin")).equals(bytes)).toBe(true);
  });

  test("has an address for a quarter of an hour only", async () => {
    const { store } = await open();
    const upload = await store.create({ path: "a.bin", size: partSize, partSize });
    const before = Date.now();
    const [signed] = (await upload.presign?.([toSign(1, bytesOf(partSize))])) ?? [];
    const lifeSeconds = ((signed?.expires.getTime() ?? 0) - before) / 1000;
    expect(Math.round(lifeSeconds / 60)).toBe(15);
    await upload.abort();
  });
});

test("a part that began before its address expired may end after it; none begins then", async () => {
  const brief = { ...profile, partLifeSeconds: fact(2, "a test") };
  const { store } = await open({ profile: brief });
  const bytes = bytesOf(partSize);
  const upload = await store.create({ path: "a.bin", size: partSize, partSize });
  const [signed] = (await upload.presign?.([toSign(1, bytes)])) ?? [];
  const { url = "", headers = {}, expires = new Date(0) } = signed ?? {};
  const { promise: answered, resolve } = Promise.withResolvers<number | undefined>();
  const sending = request(url, { method: "PUT", headers: { ...headers, "content-length": partSize } }, (answer) => {
    answer.resume();
    resolve(answer.statusCode);
  });
  sending.write(bytes.subarray(0, 10));
  await new Promise((over) => setTimeout(over, expires.getTime() - Date.now() + 1500));
  expect((await fetch(url, { method: "PUT", headers, body: bytes })).status).toBe(403);
  sending.end(bytes.subarray(10));
  expect(await answered).toBe(200);
  expect(await upload.complete()).toMatchObject({ size: partSize });
});

test("nothing but files is listed, whatever uploads there are and were", async () => {
  const { store } = await open();
  const paths = ["folder/a.bin", "folder/b.bin"];
  for (const path of [...paths, ...paths]) {
    const upload = await store.create({ path, size: 2 * partSize, partSize });
    await putAll(upload, bytesOf(2 * partSize));
    await upload.complete();
  }
  const unfinished = await store.create({ path: "folder/c.bin", size: 2 * partSize, partSize });
  await unfinished.put(partAt(1), new Blob([bytesOf(partSize)]));
  const given = await store.create({ path: "folder/d.bin", size: partSize, partSize });
  await given.abort();
  const listed = await store.list();
  expect(listed.files.map(({ path }) => path)).toEqual(paths);
  expect(await store.list({ delimiter: "/" })).toMatchObject({ files: [], folders: ["folder/"] });
  await unfinished.abort();
});
