import { createHash } from "node:crypto";
import { crc64, MiB, type Part, type SignedPart, type Upload } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { TcpWire } from "../../../../test/harness/tcp-wire.ts";
import { ceph } from "../../../../test/peers/shared-ceph.ts";
import { s3Store } from "../../src/stores/s3/s3-store.ts";
import { cephOptions, openS3 } from "./opened-bucket.ts";

const partSize = 5 * MiB;
let place: Awaited<ReturnType<typeof openS3>>;

beforeAll(async () => {
  place = await openS3();
});

afterAll(() => place?.[Symbol.asyncDispose]());

const bytesOf = (size: number, seed = 7) => Uint8Array.from({ length: size }, (_, at) => (at * seed + (at >> 8)) & 255);
const md5Of = (bytes: Uint8Array) => createHash("md5").update(bytes).digest("hex");
const digestOf = (bytes: Uint8Array) => ({ md5: md5Of(bytes), crc64: crc64(bytes) });
const failsWith = (code: string) => expect.objectContaining({ name: "TransferError", code });
const partAt = (number: number, size: number): Part => ({ number, offset: (number - 1) * partSize, size });
const create = (path: string, size: number) => place.store.create({ path, size, partSize });
const bytesAt = async (path: string) => new Uint8Array(await new Response(await place.store.read(path)).arrayBuffer());

async function signOne(upload: Upload, part: Part, bytes: Uint8Array = bytesOf(part.size)): Promise<SignedPart> {
  const [signed] = (await upload.presign?.([{ ...part, digest: { md5: md5Of(bytes) } }])) ?? [];
  if (signed === undefined) throw new Error("Cannot presign");
  return signed;
}

const send = ({ url, headers }: SignedPart, body: Uint8Array<ArrayBuffer>, more: Record<string, string> = {}) =>
  fetch(url, { method: "PUT", headers: { ...headers, ...more }, body });

describe("a presigned part", () => {
  test("is taken from whoever has the URL, and the store's list makes the file", async () => {
    const bytes = bytesOf(partSize + 5);
    const upload = await create("direct/two.bin", bytes.length);
    for (const part of [partAt(1, partSize), partAt(2, 5)]) {
      const chunk = bytes.slice(part.offset, part.offset + part.size);
      const answer = await send(await signOne(upload, part, chunk), chunk);
      expect(answer.status).toBe(200);
    }
    const digests = new Map([
      [1, digestOf(bytes.subarray(0, partSize))],
      [2, digestOf(bytes.subarray(partSize))],
    ]);
    const stored = await upload.complete({ digests });
    expect(stored).toMatchObject({ size: bytes.length, crc64: crc64(bytes) });
    expect(md5Of(await bytesAt("direct/two.bin"))).toBe(md5Of(bytes));
  });

  test("is refused with another length", async () => {
    const upload = await create("direct/length.bin", 100);
    const signed = await signOne(upload, partAt(1, 100));
    expect((await send(signed, bytesOf(99))).status).toBe(403);
    expect((await send(signed, bytesOf(101))).status).toBe(403);
    expect(await upload.receipts()).toEqual([]);
  });

  test("is refused with other bytes than its MD5 says", async () => {
    const upload = await create("direct/digest.bin", 100);
    const signed = await signOne(upload, partAt(1, 100));
    const answer = await send(signed, bytesOf(100, 3));
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain("BadDigest");
    expect((await send({ ...signed, headers: {} }, bytesOf(100))).status).toBe(403);
  });

  for (const size of [0, 1, 100]) {
    test(`of ${size} bytes is signed for its length and its MD5, and takes nothing else`, async () => {
      const upload = await create(`direct/guard-${size}.bin`, size);
      const signed = await signOne(upload, partAt(1, size));
      expect(new URL(signed.url).searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-md5;host");
      expect(signed.headers["content-md5"]).toBe(createHash("md5").update(bytesOf(size)).digest("base64"));
      expect((await send(signed, bytesOf(size + 1))).status).toBe(403);
      expect((await send({ ...signed, headers: {} }, bytesOf(size))).status).toBe(403);
      expect(await upload.receipts()).toEqual([]);
      expect((await send(signed, bytesOf(size))).status).toBe(200);
      expect(await upload.receipts()).toMatchObject([{ part: { number: 1, size } }]);
    });
  }

  test("is not signed without an MD5, unless it is empty", async () => {
    const upload = await create("direct/nameless.bin", 100);
    const unsaid = upload.presign?.([partAt(1, 100)]);
    await expect(unsaid).rejects.toMatchObject({ code: "invalid", message: expect.stringContaining("MD5") });
    const empty = await create("direct/empty.bin", 0);
    const [signed] = (await empty.presign?.([partAt(1, 0)])) ?? [];
    expect(new URL(signed?.url ?? "").searchParams.get("X-Amz-SignedHeaders")).toBe("content-length;content-md5;host");
  });

  test("is not signed beyond the plan", async () => {
    const upload = await create("direct/plan.bin", 100);
    const digest = { md5: md5Of(bytesOf(1)) };
    await expect(upload.presign?.([{ ...partAt(2, 1), digest }])).rejects.toEqual(failsWith("invalid"));
    await expect(upload.presign?.([{ ...partAt(1, 101), digest }])).rejects.toEqual(failsWith("invalid"));
  });

  test("goes round the public endpoints by its number, and the only one of a file by the upload", async () => {
    const options = await cephOptions();
    const { port } = new URL(options.endpoint);
    const publicEndpoints = [options.endpoint, `http://localhost:${port}`];
    const store = s3Store({ ...options, publicEndpoints });
    const upload = await store.create({ path: "round.bin", size: 3 * partSize, partSize });
    const digest = { md5: md5Of(bytesOf(9)) };
    const signed = (await upload.presign?.([1, 2, 3].map((number) => ({ ...partAt(number, partSize), digest })))) ?? [];
    const [first, second, third] = signed.map(({ url }) => new URL(url).hostname);
    expect([first, second].sort()).toEqual(["127.0.0.1", "localhost"]);
    expect(third).toBe(first);
    const only = new Set<string>();
    for (let file = 0; file < 100 && only.size < 2; file++) {
      const small = await store.create({ path: `small-${file}.bin`, size: 9 });
      for (const { url } of (await small.presign?.([{ ...partAt(1, 9), digest }])) ?? [])
        only.add(new URL(url).hostname);
      await small.abort();
    }
    expect(only.size).toBe(2);
    expect(await store.probes()).toHaveLength(2);
    await store.close();
  });
});

describe("completing", () => {
  test("names a stray part that the plan does not hold", async () => {
    const upload = await create("stray.bin", 100);
    const ticket = JSON.parse(Buffer.from(upload.id, "base64url").toString());
    ticket.spec.size = 2 * partSize;
    const wider = await place.store.resume(Buffer.from(JSON.stringify(ticket)).toString("base64url"));
    await wider.put(partAt(2, partSize), new Blob([bytesOf(partSize)]));
    await upload.put(partAt(1, 100), new Blob([bytesOf(100)]));
    await expect(upload.complete()).rejects.toMatchObject({
      code: "incomplete",
      message: expect.stringContaining("part 2"),
    });
  });

  test("names a part that is not what the sender says", async () => {
    const upload = await create("liar.bin", 100);
    await upload.put(partAt(1, 100), new Blob([bytesOf(100)]));
    const digests = new Map([[1, digestOf(bytesOf(100, 3))]]);
    await expect(upload.complete({ digests })).rejects.toMatchObject({
      code: "checksum-mismatch",
      message: expect.stringContaining("part 1"),
    });
  });

  test("succeeds for a process that did not hear that it was done", async () => {
    const upload = await create("twice.bin", 100);
    await upload.put(partAt(1, 100), new Blob([bytesOf(100)]));
    const late = await (await place.reopen()).resume(upload.id);
    const first = await upload.complete();
    const second = await late.complete();
    expect(second).toMatchObject({ size: 100, etag: first.etag });
    expect(first.crc64).toBe(crc64(bytesOf(100)));
  });

  test("does not take another upload's file for its own", async () => {
    const [mine, other] = [await create("taken.bin", 100), await create("taken.bin", 100)];
    const copy = await (await place.reopen()).resume(mine.id);
    await other.put(partAt(1, 100), new Blob([bytesOf(100)]));
    await other.complete();
    await mine.abort();
    await expect(copy.complete()).rejects.toEqual(failsWith("not-found"));
  });

  test("makes an empty file of no part, and of one empty part", async () => {
    const none = await create("empty/none", 0);
    expect(await none.complete()).toMatchObject({ size: 0 });
    const one = await create("empty/one", 0);
    await one.put(partAt(1, 0), new Blob([]));
    expect(await one.complete()).toMatchObject({ size: 0, crc64: "0000000000000000" });
    expect(await bytesAt("empty/none")).toHaveLength(0);
    expect(await bytesAt("empty/one")).toHaveLength(0);
  });

  test("keeps type and time of change", async () => {
    const modified = new Date(1_600_000_000_123);
    const upload = await place.store.create({ path: "meta.txt", size: 3, partSize, type: "text/plain", modified });
    await upload.put(partAt(1, 3), new Blob(["abc"]));
    await upload.complete();
    expect(await place.store.stat("meta.txt")).toMatchObject({ type: "text/plain", modified });
  });
});

test("a body that proves too long only at its very end leaves no part behind", async () => {
  const upload = await create("long.bin", 100);
  const stream = () =>
    new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        controller.enqueue(bytesOf(100));
        controller.enqueue(bytesOf(1));
        controller.close();
      },
    });
  await expect(upload.put(partAt(1, 100), { size: 100, stream })).rejects.toEqual(failsWith("long-body"));
  expect(await upload.receipts()).toEqual([]);
});

test("a small file whose bytes are not those of its digest is not written", async () => {
  const digest = digestOf(bytesOf(10, 3));
  const put = place.store.putFile?.({ path: "small.bin" }, new Blob([bytesOf(10)]), { digest });
  await expect(put).rejects.toEqual(failsWith("checksum-mismatch"));
  expect(await place.store.stat("small.bin")).toBeUndefined();
});

for (const name of ["한글 (1)+&=.bin", "100%.bin", "a%2Fb.bin", "it's!*~.bin", "😀?#;:@$,.bin"]) {
  test(`a file named ${name} is written, read, signed, moved and removed`, async () => {
    const [from, to] = [`names/${name}`, `moved/${name}`];
    const bytes = bytesOf(1000);
    const upload = await create(from, bytes.length);
    expect((await send(await signOne(upload, partAt(1, 1000), bytes), bytes)).status).toBe(200);
    await upload.complete();
    await place.store.move(from, to);
    expect(await place.store.stat(from)).toBeUndefined();
    expect(md5Of(await bytesAt(to))).toBe(md5Of(bytes));
    const [read] = await place.store.presignRead(to, { downloadName: name });
    const answer = await fetch(read?.url ?? "");
    expect(answer.headers.get("content-disposition")).toContain("filename*=UTF-8''");
    expect(md5Of(new Uint8Array(await answer.arrayBuffer()))).toBe(md5Of(bytes));
    const { files } = await place.store.list({ prefix: "moved/" });
    expect(files.map(({ path }) => path)).toContain(to);
    await place.store.remove(to);
    expect(await place.store.stat(to)).toBeUndefined();
  });
}

for (const path of ["", "/a", "a//b", "../a", "a/./b", "a\0b", "x".repeat(1025)]) {
  test(`the path ${JSON.stringify(path.slice(0, 10))} is no key`, async () => {
    await expect(place.store.create({ path, size: 1 })).rejects.toEqual(failsWith("invalid"));
  });
}

test.each(["con.txt", "a\\b.txt", "tab\t\u0001.txt", "a//b.txt", "/lead.txt", "e\u0301.txt"])(
  "a key that another program made, %j, is read by a presigned address",
  async (key) => {
    await place.plant(key, bytesOf(20));
    const [read] = await place.store.presignRead(key);
    expect(new Uint8Array(await (await fetch(read?.url ?? "")).arrayBuffer())).toEqual(bytesOf(20));
  },
);

test("a key with a dot for a name has no address, since whoever reads one resolves it", async () => {
  await place.plant("./dot.txt", bytesOf(20));
  expect(await place.store.presignRead("./dot.txt")).toEqual([]);
  expect(await bytesAt("./dot.txt")).toEqual(bytesOf(20));
});

describe("CORS", () => {
  test("is asked as a browser would, and can be written", async () => {
    const origin = "https://naru.example";
    const { endpoint } = ceph();
    expect(await place.store.checkCors(origin)).toEqual([{ endpoint, verdict: "refused" }]);
    await place.store.setCors([origin]);
    expect(await place.store.checkCors(origin)).toEqual([{ endpoint, verdict: "admitted" }]);
    expect(await place.store.checkCors("https://other.example")).toEqual([{ endpoint, verdict: "refused" }]);
    const [probe = ""] = await place.store.probes();
    for (const body of ["x", ""]) {
      const answer = await fetch(probe, { method: "PUT", headers: { origin }, body });
      expect(answer.status).toBe(404);
      expect(answer.headers.get("access-control-allow-origin")).toBe(origin);
    }
  });
});

describe("a store that cannot be used", () => {
  test("is unreachable where nobody listens", async () => {
    const options = await cephOptions();
    const store = s3Store({ ...options, endpoint: "http://127.0.0.1:9" });
    await expect(store.stat("x")).rejects.toEqual(failsWith("unreachable"));
    await expect(store.read("x")).rejects.toEqual(failsWith("unreachable"));
    expect(await store.checkCors("https://naru.example")).toMatchObject([{ verdict: "unreachable" }]);
    await store.close();
  });

  test("forbids what its keys may not do", async () => {
    const wrong = { accessKeyId: ceph().accessKey, secretAccessKey: "wrong" };
    const store = s3Store({ ...(await cephOptions()), credentials: async () => wrong });
    await expect(store.create({ path: "x", size: 1 })).rejects.toEqual(failsWith("forbidden"));
    await expect(store.read("x")).rejects.toEqual(failsWith("forbidden"));
    await store.close();
  });
});

test("reads without TLS take a new connection each: on a used one Ceph's body comes 40 ms after its head", async () => {
  const options = await cephOptions();
  await using wire = await TcpWire.to(Number(new URL(options.endpoint).port));
  const store = s3Store({ ...options, endpoint: `http://127.0.0.1:${wire.port}` });
  const bytes = bytesOf(100);
  await store.putFile?.({ path: "small.bin", size: bytes.length }, new Blob([bytes]));
  const file = await store.stat("small.bin");
  const before = wire.connections;
  for (let asked = 0; asked < 3; asked++) {
    const read = await store.read("small.bin", { etag: file?.etag });
    expect(await new Response(read).bytes()).toEqual(bytes);
  }
  expect(wire.connections - before).toBe(3);
  await store.close();
});
