import { createHash, randomBytes } from "node:crypto";
import { type Limits, MiB, type SignedParts, type Store, type WireUpload } from "@naru/core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Swift, startSwift } from "../../../../test/peers/swift.ts";
import type { S3StoreOptions } from "../../src/stores/s3/s3-store.ts";
import { httpDoor } from "../../src/testing/index.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { Client } from "../http/client.ts";
import { openS3 } from "./opened-bucket.ts";

/** As an operator may say it, so that a file need not have 1,000 parts to have too many. */
const maxParts = 12;
let swift: Swift;
const closing: (() => Promise<void>)[] = [];

beforeAll(async () => {
  swift = await startSwift({ maxParts });
}, 120_000);

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

afterAll(() => swift?.[Symbol.asyncDispose]());

async function open(limits: Partial<Limits> = {}, more: Partial<S3StoreOptions> = {}) {
  const opened = await openS3({ ...more, limits: { maxParts, minPartSize: 1, ...limits } }, swift);
  closing.push(() => opened[Symbol.asyncDispose]());
  return opened;
}

const bytesOf = (size: number): Uint8Array<ArrayBuffer> => Uint8Array.from(randomBytes(size));

/** Send a file in parts of `partSize`. */
async function send(store: Store, path: string, bytes: Uint8Array<ArrayBuffer>, partSize: number): Promise<void> {
  const upload = await store.create({ path, size: bytes.length, partSize });
  for (let number = 1; (number - 1) * partSize < bytes.length; number++) {
    const offset = (number - 1) * partSize;
    const body = bytes.subarray(offset, offset + partSize);
    await upload.put({ number, offset, size: body.length }, new Blob([body]));
  }
  await upload.complete();
}

describe("a store that takes few parts of a file", () => {
  test.each(["direct", "proxy"])("gets no more, by the %s route, whatever the client wishes", async (route) => {
    const { store } = await open();
    const door = await httpDoor(store);
    closing.push(() => door.close());
    const client = Client.basic(door.origin, door.user, door.password);
    const bytes = bytesOf(13 * MiB + 5);
    const upload = await client.create({ path: "wide.bin", size: bytes.length, partSize: MiB });
    const count = Math.ceil(bytes.length / upload.partSize);
    expect(count).toBeLessThanOrEqual(maxParts);
    for (let number = 1; number <= count; number++) {
      const body = bytes.slice((number - 1) * upload.partSize, number * upload.partSize);
      const answer =
        route === "proxy" ? client.put(upload.id, number, body) : sendStraight(client, upload, number, body);
      expect((await answer).status).toBe(200);
    }
    expect((await client.json("POST", `/api/uploads/${upload.id}/complete`, {})).status).toBe(200);
    expect((await fetchAll(store, "wide.bin")).equals(bytes)).toBe(true);
  });

  test("is asked for no part beyond them, and the error says why", async () => {
    const { store } = await open();
    const upload = await store.create({ path: "long.bin" });
    const put = (number: number) => upload.put({ number, offset: number - 1, size: 1 }, new Blob(["x"]));
    for (let number = 1; number <= maxParts; number++) await put(number);
    await expect(put(maxParts + 1)).rejects.toMatchObject({
      code: "too-large",
      message: expect.stringContaining(`the ${maxParts} that the store takes of a file`),
    });
    expect(await upload.complete()).toMatchObject({ size: maxParts });
  });

  test("copies in as many", async () => {
    const { store } = await open({ maxPartSize: MiB });
    const bytes = bytesOf(maxParts * MiB);
    await send(store, "from.bin", bytes, MiB);
    await store.move("from.bin", "to.bin");
    expect((await fetchAll(store, "to.bin")).equals(bytes)).toBe(true);
  });
});

async function sendStraight(
  client: Client,
  { id }: WireUpload,
  number: number,
  body: Uint8Array<ArrayBuffer>,
): Promise<Response> {
  const md5 = createHash("md5").update(body).digest("hex");
  const answer = await client.json("POST", `/api/uploads/${id}/parts`, { parts: [{ number, md5 }] });
  const [signed] = ((await answer.json()) as SignedParts).parts;
  return fetch(signed?.url ?? "", { method: "PUT", headers: signed?.headers ?? {}, body });
}

test("a file of no known type has the one that says so, not that of another request", async () => {
  const { store } = await open();
  await send(store, "untyped.bin", bytesOf(10), 5);
  await store.putFile?.({ path: "small.html" }, new Blob(["x"]));
  expect(await store.stat("untyped.bin")).toMatchObject({ type: "application/octet-stream" });
  expect(await store.stat("small.html")).toMatchObject({ type: "application/octet-stream" });
});

describe("a file of parts that is overwritten", () => {
  const overwritings: Readonly<Record<string, (store: Awaited<ReturnType<typeof open>>["store"]) => Promise<unknown>>> =
    {
      "a file of parts": (store) => send(store, "a.bin", bytesOf(3000), 1000),
      "a small file": async (store) => store.putFile?.({ path: "a.bin" }, new Blob(["small"])),
      "an empty small file": async (store) => store.putFile?.({ path: "a.bin" }, new Blob([])),
      "an empty file of no part": async (store) => (await store.create({ path: "a.bin", size: 0 })).complete(),
      "a file that is renamed": async (store) => {
        await send(store, "b.bin", bytesOf(3000), 1000);
        await store.move("b.bin", "a.bin");
      },
      "itself, completed again": async (store) => {
        const upload = await store.create({ path: "a.bin", size: 4, partSize: 4 });
        await upload.put({ number: 1, offset: 0, size: 4 }, new Blob(["abcd"]));
        const late = await store.resume(upload.id);
        await upload.complete();
        await late.complete();
      },
    };

  test.each(Object.keys(overwritings))(
    "by %s leaves no part behind where the store is known to keep them",
    async (name) => {
      const { store, bucket } = await open({}, { leavesParts: true });
      await send(store, "a.bin", bytesOf(5000), 1000);
      await send(store, "a.bin", bytesOf(4000), 1000);
      expect(await swift.listContainer(`${bucket}+segments`)).toHaveLength(4);
      await overwritings[name]?.(store);
      const { size = 0 } = (await store.stat("a.bin")) ?? {};
      expect(await fetchAll(store, "a.bin")).toHaveLength(size);
      await store.remove("a.bin");
      expect(await swift.listContainer(`${bucket}+segments`)).toEqual([]);
    },
  );

  test("leaves them where it is not known: it is a fact of this store", async () => {
    const { store, bucket } = await open();
    await send(store, "a.bin", bytesOf(5000), 1000);
    await send(store, "a.bin", bytesOf(4000), 1000);
    expect(await swift.listContainer(`${bucket}+segments`)).toHaveLength(9);
  });
});

test("how many parts it takes of a file is known by asking it", async () => {
  const { store } = await openS3({ recognition: {} }, swift);
  closing.push(() => store.close());
  await store.recognise();
  expect(store.profile.name).toBe("swift");
  expect(store.limitsFor("")).toMatchObject({ maxParts });
});
