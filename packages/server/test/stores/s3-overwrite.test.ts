import { randomBytes } from "node:crypto";
import { MiB } from "@naru/core";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { layWire } from "../../../../test/harness/wire.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { cephOptions } from "./opened-bucket.ts";

let wire: Awaited<ReturnType<typeof layWire>>;
let store: ReturnType<typeof s3Store>;

beforeEach(async () => {
  const options = await cephOptions();
  wire = await layWire(options.endpoint);
  store = s3Store({ ...options, endpoint: wire.origin, leavesParts: true });
});

afterEach(async () => {
  await store.close();
  await wire[Symbol.asyncDispose]();
});

async function begin(path: string, size: number) {
  const bytes = Uint8Array.from(randomBytes(size));
  const upload = await store.create({ path, size, partSize: 5 * MiB });
  return { upload, bytes };
}

async function putAll({ upload, bytes }: Awaited<ReturnType<typeof begin>>): Promise<void> {
  for (let number = 1; (number - 1) * 5 * MiB < bytes.length; number++) {
    const offset = (number - 1) * 5 * MiB;
    const body = bytes.subarray(offset, offset + 5 * MiB);
    await upload.put({ number, offset, size: body.length }, new Blob([body]));
  }
}

/** What was asked, in order, but for looking, and for what marks an upload as ours. */
const changes = (): string[] =>
  wire.exchanges
    .filter(({ method, url }) => method !== "GET" && method !== "HEAD" && !url.pathname.includes("/.naru/uploads/"))
    .map(({ method }) => method);

describe("where overwriting leaves parts behind", () => {
  test("the old file stays until all parts of the new one are there, and goes right before it appears", async () => {
    const old = await begin("a.bin", 6 * MiB);
    await putAll(old);
    await old.upload.complete();
    const next = await begin("a.bin", 11 * MiB);
    await putAll(next);
    expect((await fetchAll(store, "a.bin")).equals(old.bytes)).toBe(true);
    wire.exchanges.length = 0;
    await next.upload.complete();
    expect(changes()).toEqual(["DELETE", "POST"]);
    expect((await fetchAll(store, "a.bin")).equals(next.bytes)).toBe(true);
  });

  test("the old file stays when a part is missing, or not what the sender says", async () => {
    const old = await begin("a.bin", 6 * MiB);
    await putAll(old);
    await old.upload.complete();
    const next = await begin("a.bin", 11 * MiB);
    await next.upload.put({ number: 1, offset: 0, size: 5 * MiB }, new Blob([next.bytes.subarray(0, 5 * MiB)]));
    await expect(next.upload.complete()).rejects.toMatchObject({ code: "incomplete" });
    await putAll(next);
    const digests = new Map([[1, { md5: "0".repeat(32), crc64: "0".repeat(16) }]]);
    await expect(next.upload.complete({ digests })).rejects.toMatchObject({ code: "checksum-mismatch" });
    expect((await fetchAll(store, "a.bin")).equals(old.bytes)).toBe(true);
  });

  test("a completing that fails when the old file is gone loses no byte of the new one, and is done again", async () => {
    const old = await begin("a.bin", 6 * MiB);
    await putAll(old);
    await old.upload.complete();
    const next = await begin("a.bin", 11 * MiB);
    await putAll(next);
    wire.fault = ({ method }) => (method === "POST" ? { kind: "answer", status: 403 } : undefined);
    await expect(next.upload.complete()).rejects.toMatchObject({ code: "forbidden" });
    wire.fault = () => undefined;
    const later = await store.resume(next.upload.id);
    await later.complete();
    expect((await fetchAll(store, "a.bin")).equals(next.bytes)).toBe(true);
  });

  test("a file that is no file of parts is overwritten as ever", async () => {
    await store.putFile?.({ path: "a.bin" }, new Blob(["old"]));
    const next = await begin("a.bin", 6 * MiB);
    await putAll(next);
    wire.exchanges.length = 0;
    await next.upload.complete();
    expect(changes()).toEqual(["POST"]);
  });
});

describe("a store that cannot list parts", () => {
  test.each([
    [405, "MethodNotAllowed"],
    [501, "NotImplemented"],
    [404, "NoSuchUpload"],
  ])("(%i %s) is found out before a byte is sent, and told in words", async (status, code) => {
    wire.fault = ({ method, url }) =>
      method === "GET" && url.searchParams.has("uploadId") ? { kind: "answer", status, code } : undefined;
    await expect(store.create({ path: "a.bin", size: 10 })).rejects.toMatchObject({
      code: "unsupported",
      message: expect.stringContaining("does not list the parts of an upload"),
    });
    // Nothing is left of the upload.
    expect(changes()).toEqual(["POST", "DELETE"]);
    wire.fault = () => undefined;
    await (await store.create({ path: "a.bin", size: 10 })).abort();
  });

  test("is asked once, however many uploads begin", async () => {
    const paths = ["a.bin", "b.bin", "c.bin"];
    const made = await Promise.all(paths.map((path) => store.create({ path, size: 10 })));
    made.push(await store.create({ path: "d.bin", size: 10 }));
    const asked = wire.exchanges.filter(({ method, url }) => method === "GET" && url.searchParams.has("uploadId"));
    expect(asked).toHaveLength(1);
    await Promise.all(made.map((upload) => upload.abort()));
  });
});
