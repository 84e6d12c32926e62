import { createHash } from "node:crypto";
import { crc64, MiB, type Part, type SignedPart, type Upload } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { azureStore } from "../../src/stores/azure/azure-store.ts";
import { openAzure } from "./opened-container.ts";

const partSize = 64 * 1024;
let azurite: Azurite;
let place: Awaited<ReturnType<typeof openAzure>>;

beforeAll(async () => {
  azurite = await startAzurite();
  place = await openAzure(azurite);
});

afterAll(async () => {
  await place?.[Symbol.asyncDispose]();
  await azurite?.[Symbol.asyncDispose]();
});

const bytesOf = (size: number, seed = 7) => Uint8Array.from({ length: size }, (_, at) => (at * seed + (at >> 8)) & 255);
const md5Of = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const digestOf = (text: string) => ({ md5: md5Of(Buffer.from(text)), crc64: crc64(Buffer.from(text)) });
const failsWith = (code: string) => expect.objectContaining({ name: "TransferError", code });
const partAt = (number: number, size: number): Part => ({ number, offset: (number - 1) * partSize, size });
const create = (path: string, size: number) => place.store.create({ path, size, partSize });
const bytesAt = async (path: string) => new Uint8Array(await new Response(await place.store.read(path)).arrayBuffer());

async function signOne(upload: Upload, part: Part, bytes = bytesOf(part.size)): Promise<SignedPart> {
  const [signed] = (await upload.presign?.([{ ...part, digest: { md5: md5Of(bytes) } }])) ?? [];
  if (signed === undefined) throw new Error("Cannot presign");
  return signed;
}

const send = ({ url, headers }: Pick<SignedPart, "url" | "headers">, body: Uint8Array<ArrayBuffer>) =>
  fetch(url, { method: "PUT", headers, body });

describe("limits that the service has and the emulator does not check", () => {
  test("a block has 4,000 MiB at most, a file 50,000 of them", async () => {
    const { maxParts, maxPartSize, maxSize } = place.store.limitsFor("");
    expect([maxParts, maxPartSize, maxSize]).toEqual([50_000, 4000 * MiB, 50_000 * 4000 * MiB]);
    await expect(create("huge.bin", maxSize + 1)).rejects.toEqual(failsWith("too-large"));
    const upload = await place.store.create({ path: "block.bin", size: 5000 * MiB, partSize: 5000 * MiB });
    const part = { number: 1, offset: 0, size: 5000 * MiB };
    await expect(upload.put(part, new Blob([]))).rejects.toEqual(failsWith("too-large"));
    await expect(upload.presign?.([{ ...part, digest: { md5: md5Of(bytesOf(1)) } }])).rejects.toEqual(
      failsWith("too-large"),
    );
    const many = await place.store.create({ path: "parts.bin", size: 50_001, partSize: 1 });
    const last = { number: 50_001, offset: 50_000, size: 1 };
    await expect(many.put(last, new Blob(["x"]))).rejects.toEqual(failsWith("too-large"));
  });

  test.each([
    "",
    "/a",
    "a//b",
    "../a",
    "a/./b",
    "a\0b",
    "a\\b",
    "a./b",
    "end.",
    "tab\tb",
    "x".repeat(1025),
    "a/".repeat(254).concat("b"),
  ])("the path %j is no name, which is said before a byte is sent", async (path) => {
    await expect(place.store.create({ path, size: 1 })).rejects.toEqual(failsWith("invalid"));
    await expect(place.store.putFile?.({ path }, new Blob(["x"]))).rejects.toEqual(failsWith("invalid"));
  });
});

for (const name of [
  "한글 (1)+&=.bin",
  "100%.bin",
  "a%2Fb.bin",
  "it's!*~.bin",
  "😀?#;:@$,.bin",
  "trailing  ",
  `${"가".repeat(300)}`,
]) {
  test(`a file named ${JSON.stringify(name.slice(0, 20))} is written, read, signed, moved and removed`, async () => {
    const [from, to] = [`names/${name}`, `moved/${name}`];
    const bytes = bytesOf(1000);
    const upload = await create(from, bytes.length);
    expect((await send(await signOne(upload, partAt(1, 1000), bytes), bytes)).status).toBe(201);
    await upload.complete();
    await place.store.move(from, to);
    expect(await place.store.stat(from)).toBeUndefined();
    expect(await bytesAt(to)).toEqual(bytes);
    const [read] = await place.store.presignRead(to, { downloadName: name });
    const answer = await fetch(read?.url ?? "");
    expect(answer.headers.get("content-disposition")).toContain("filename*=UTF-8''");
    expect(await answer.bytes()).toEqual(bytes);
    expect((await place.store.list({ prefix: "moved/" })).files.map(({ path }) => path)).toContain(to);
    await place.store.remove(to);
    expect(await place.store.stat(to)).toBeUndefined();
  });
}

test("a range at the very end of a file, and one of an empty file, have no bytes", async () => {
  await place.store.putFile?.({ path: "three" }, new Blob(["abc"]));
  await place.store.putFile?.({ path: "none" }, new Blob([]));
  const read = async (path: string, start: number, end: number) =>
    new Response(await place.store.read(path, { range: { start, end } })).text();
  expect(await read("three", 1, 2)).toBe("b");
  expect(await read("three", 3, 3)).toBe("");
  expect(await read("none", 0, 0)).toBe("");
});

describe("CORS", () => {
  test("is asked as a browser would, and written beside the rules of others", async () => {
    const origin = "https://naru.example";
    const endpoint = new URL(azurite.endpoint).origin;
    const foreign = {
      allowedOrigins: "https://other.example",
      allowedMethods: "GET",
      allowedHeaders: "",
      exposedHeaders: "",
      maxAgeInSeconds: 5,
    };
    const service = place.service;
    await service.setProperties({ cors: [foreign], defaultServiceVersion: "2021-12-02" });
    expect(await place.store.checkCors(origin)).toEqual([{ endpoint, verdict: "refused" }]);
    await place.store.setCors(["https://former.example"]);
    await place.store.setCors([origin]);
    expect(await place.store.checkCors(origin)).toEqual([{ endpoint, verdict: "admitted" }]);
    expect(await place.store.checkCors("https://former.example")).toEqual([{ endpoint, verdict: "refused" }]);
    const { cors = [], defaultServiceVersion } = await service.getProperties();
    expect([cors.length, cors[0]?.allowedOrigins, defaultServiceVersion]).toEqual([
      2,
      "https://other.example",
      "2021-12-02",
    ]);
    const [probe = ""] = await place.store.probes();
    const answer = await fetch(probe, { method: "PUT", headers: { origin }, body: "x" });
    expect(answer.status).toBe(403);
    expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
  });

  test("is not written where five rules of others leave no room", async () => {
    const rule = { allowedMethods: "GET", allowedHeaders: "", exposedHeaders: "", maxAgeInSeconds: 5 };
    const cors = [1, 2, 3, 4, 5].map((n) => ({ ...rule, allowedOrigins: `https://other-${n}.example` }));
    await place.service.setProperties({ cors });
    await expect(place.store.setCors(["https://naru.example"])).rejects.toEqual(failsWith("conflict"));
    expect((await place.service.getProperties()).cors).toHaveLength(5);
  });
});

describe("a store that cannot be used", () => {
  test("is unreachable where nobody listens", async () => {
    const store = azureStore({ ...place.options, endpoint: "http://127.0.0.1:9/devstoreaccount1" });
    await expect(store.stat("x")).rejects.toEqual(failsWith("unreachable"));
    await expect(store.read("x")).rejects.toEqual(failsWith("unreachable"));
    expect(await store.checkCors("https://naru.example")).toMatchObject([{ verdict: "unreachable" }]);
    await store.close();
  });

  test("forbids what its key may not do, and says nothing of the key", async () => {
    const key = Buffer.from("wrong").toString("base64");
    const store = azureStore({ ...place.options, credentials: { by: "key", key } });
    for (const call of [() => store.create({ path: "x", size: 1 }), () => store.read("x"), () => store.list()]) {
      const error: unknown = await call().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(error).toEqual(failsWith("forbidden"));
      expect(String(error)).not.toContain(key);
    }
    await store.close();
  });

  test("has no container of that name", async () => {
    const store = azureStore({ ...place.options, container: "nowhere" });
    await expect(store.create({ path: "x", size: 1 })).rejects.toEqual(failsWith("not-found"));
    await store.close();
  });
});

test("a machine whose clock is an hour off works, and hears of it", async () => {
  const heard: number[] = [];
  const store = azureStore({ ...place.options, now: () => Date.now() - 3_600_000 });
  store.onClockSkew((skewMs) => void heard.push(skewMs));
  await store.putFile?.({ path: "clock.bin" }, new Blob(["abc"]));
  const [signed] = await store.presignRead("clock.bin");
  expect((await fetch(signed?.url ?? "")).status).toBe(200);
  expect(Math.round((heard[0] ?? 0) / 60_000)).toBe(60);
  await store.close();
});

test("a file whose name is too long for the service to read it as a source moves through the server", async () => {
  await using other = await openAzure(azurite, { copySizes: { whole: 10, block: 64 * 1024 } });
  const bytes = bytesOf(150_000);
  const path = `${"가".repeat(80)}/${"나".repeat(80)}/${"다".repeat(80)}`;
  await other.store.putFile?.({ path, type: "text/x-naru" }, new Blob([bytes]));
  const moved = await other.store.move(path, "short.txt");
  expect(moved).toMatchObject({ size: bytes.length, type: "text/x-naru" });
  expect(new Uint8Array(await new Response(await other.store.read("short.txt")).arrayBuffer())).toEqual(bytes);
  expect(await other.store.stat(path)).toBeUndefined();
});

describe("from one container of an account to another", () => {
  test("the service copies files and parts by itself, and refuses those that have changed", async () => {
    await using other = await openAzure(azurite, { prefix: "in/" });
    const copier = await other.store.copierFrom(place.store);
    if (copier === undefined) throw new Error("they are one account");
    const spec = { path: "from 가%.txt", type: "text/x-naru", modified: new Date(1_600_000_000_000) };
    await place.store.putFile?.(spec, new Blob(["0123456789"]), { digest: digestOf("0123456789") });
    const file = await place.store.stat(spec.path);
    if (file === undefined) throw new Error("it was just written");
    const etag = await copier.copy(file, "to.txt");
    const { type, modified } = spec;
    expect(await other.store.stat("to.txt")).toMatchObject({ size: 10, etag, type, modified, crc64: file.crc64 });
    const upload = await other.store.create({ path: "parts.txt", size: 10, partSize: 4 });
    const parts = [4, 4, 2].map((size, at) => ({ number: at + 1, offset: at * 4, size }));
    await Promise.all(parts.map((part) => copier.copyPart(upload.id, part, file)));
    await upload.complete();
    expect(await new Response(await other.store.read("parts.txt")).text()).toBe("0123456789");
    const former = { ...file, etag: "0x8D0000000000000" };
    await expect(copier.copy(former, "to.txt")).rejects.toEqual(failsWith("file-changed"));
    const late = await other.store.create({ path: "late.txt", size: 4 });
    await expect(copier.copyPart(late.id, { number: 1, offset: 0, size: 4 }, former)).rejects.toEqual(
      failsWith("file-changed"),
    );
  });

  test("nothing is copied so from a store that is no container of it", async () => {
    expect(await place.store.copierFrom({})).toBeUndefined();
  });
});
