import { createHash } from "node:crypto";
import { crc64, type Part, type SignedPart, type Upload } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Azurite, startAzurite } from "../../../../test/peers/azurite.ts";
import { azureStore } from "../../src/stores/azure/azure-store.ts";
import { blobSas } from "../../src/stores/azure/blob-sas.ts";
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
const digestOf = (bytes: Uint8Array) => ({ md5: md5Of(bytes), crc64: crc64(bytes) });
const failsWith = (code: string) => expect.objectContaining({ name: "TransferError", code });
const partAt = (number: number, size: number): Part => ({ number, offset: (number - 1) * partSize, size });
const create = (path: string, size: number) => place.store.create({ path, size, partSize });
const bytesAt = async (path: string) => new Uint8Array(await new Response(await place.store.read(path)).arrayBuffer());
const put = (upload: Upload, part: Part, bytes = bytesOf(part.size)) =>
  upload.put(part, new Blob([bytes]), { digest: digestOf(bytes) });

async function signOne(upload: Upload, part: Part, bytes = bytesOf(part.size)): Promise<SignedPart> {
  const [signed] = (await upload.presign?.([{ ...part, digest: { md5: md5Of(bytes) } }])) ?? [];
  if (signed === undefined) throw new Error("Cannot presign");
  return signed;
}

const send = ({ url, headers }: Pick<SignedPart, "url" | "headers">, body: Uint8Array<ArrayBuffer>) =>
  fetch(url, { method: "PUT", headers, body });

/** Every blob of the container, those too that have only blocks. */
async function allBlobs(): Promise<readonly string[]> {
  const names = [];
  for await (const { name } of place.client.listBlobsFlat({ includeUncommitedBlobs: true })) names.push(name);
  return names;
}

describe("two uploads of one name", () => {
  test("share no part, and neither takes the other's when it completes or is aborted", async () => {
    const [first, second, third] = [
      await create("same.bin", 90),
      await create("same.bin", 80),
      await create("same.bin", 70),
    ];
    await put(first, partAt(1, 90));
    await put(second, partAt(1, 80), bytesOf(80, 3));
    await put(third, partAt(1, 70));
    await third.abort();
    expect(await first.receipts()).toMatchObject([{ part: { size: 90 } }]);
    await first.complete();
    expect(await bytesAt("same.bin")).toEqual(bytesOf(90));
    expect(await second.receipts()).toMatchObject([{ part: { size: 80 } }]);
    await second.complete();
    expect(await bytesAt("same.bin")).toEqual(bytesOf(80, 3));
  });

  test("leave nothing behind of themselves", async () => {
    const [completed, aborted] = [await create("tidy.bin", 90), await create("tidy.bin", 90)];
    for (const upload of [completed, aborted]) await put(upload, partAt(1, 90));
    await completed.complete();
    await aborted.abort();
    expect((await allBlobs()).filter((name) => name.includes(completed.id) || name.includes(aborted.id))).toEqual([]);
  });
});

describe("a signed part", () => {
  test("goes to its upload only: not to a file, not to another upload, not back to a reader", async () => {
    const upload = await create("guarded.bin", 100);
    const other = await create("guarded.bin", 100);
    await place.store.putFile?.({ path: "guarded.bin" }, new Blob(["what was there"]));
    const { url, headers } = await signOne(upload, partAt(1, 100));
    const { pathname } = new URL(url);
    for (const name of ["guarded.bin", "new.bin", `.naru/uploads/${other.id}`]) {
      const elsewhere = url.replace(pathname, `${new URL(place.client.url).pathname}/${name}`);
      expect((await send({ url: elsewhere, headers }, bytesOf(100))).status, name).toBe(403);
    }
    await put(upload, partAt(1, 100));
    for (const query of ["", "comp=blocklist&"]) {
      const reading = url.replace(/comp=block&blockid=[^&]*&/, query);
      expect((await fetch(reading)).status).toBe(403);
    }
    expect(await other.receipts()).toEqual([]);
    expect(await bytesAt("guarded.bin")).toEqual(new TextEncoder().encode("what was there"));
  });

  test("is refused once it has expired", async () => {
    const upload = await create("late.bin", 100);
    const { url, headers } = await signOne(upload, partAt(1, 100));
    const { account, key } = azurite;
    const name = `.naru/uploads/${upload.id}`;
    const container = place.client.containerName;
    const grant = { account, container, name, permissions: "w", httpsOnly: false } as const;
    const query = blobSas({ of: "account", value: key }, { ...grant, expires: new Date(Date.now() - 60_000) });
    const old = url.replace(/&sv=.*/, `&${query}`);
    expect((await send({ url: old, headers }, bytesOf(100))).status).toBe(403);
    expect((await send({ url, headers }, bytesOf(100))).status).toBe(201);
  });

  test("that comes after the file is complete does not touch it", async () => {
    const upload = await create("done.bin", 100);
    const signed = await signOne(upload, partAt(1, 100));
    await send(signed, bytesOf(100));
    await upload.complete();
    await send(signed, bytesOf(100));
    expect(await bytesAt("done.bin")).toEqual(bytesOf(100));
    expect((await place.store.list({ prefix: "" })).files.map(({ path }) => path)).toContain("done.bin");
    await expect(place.store.resume(upload.id)).rejects.toEqual(failsWith("not-found"));
  });

  test("costs one signature for all parts of a file, however many", async () => {
    const count = 10_000;
    const upload = await place.store.create({ path: "many.bin", size: count * 8, partSize: 8 });
    const digest = { md5: md5Of(bytesOf(8)) };
    const parts = Array.from({ length: count }, (_, at) => ({ number: at + 1, offset: at * 8, size: 8, digest }));
    const signed = (await upload.presign?.(parts)) ?? [];
    expect(new Set(signed.map(({ url }) => new URL(url).searchParams.get("sig"))).size).toBe(1);
    expect(new Set(signed.map(({ url }) => new URL(url).searchParams.get("blockid"))).size).toBe(count);
  });

  test("is not signed without an MD5, nor beyond the plan, and an empty file goes through the server", async () => {
    const upload = await create("plan.bin", 100);
    await expect(upload.presign?.([partAt(1, 100)])).rejects.toEqual(failsWith("invalid"));
    const digest = { md5: md5Of(bytesOf(1)) };
    await expect(upload.presign?.([{ ...partAt(2, 1), digest }])).rejects.toEqual(failsWith("invalid"));
    expect((await create("empty.bin", 0)).presign).toBeUndefined();
  });

  test("goes round the public endpoints", async () => {
    const publicEndpoints = [azurite.endpoint, azurite.endpoint.replace("127.0.0.1", "localhost")];
    const store = azureStore({ ...place.options, publicEndpoints });
    const upload = await store.create({ path: "round.bin", size: 2 * partSize, partSize });
    const digest = { md5: md5Of(bytesOf(9)) };
    const signed = (await upload.presign?.([1, 2].map((number) => ({ ...partAt(number, partSize), digest })))) ?? [];
    expect(signed.map(({ url }) => new URL(url).hostname).sort()).toEqual(["127.0.0.1", "localhost"]);
    expect(await store.probes()).toHaveLength(2);
    await store.close();
  });
});

describe("completing", () => {
  test("names a part that is not what the sender says", async () => {
    const upload = await create("liar.bin", 100);
    await put(upload, partAt(1, 100));
    const again = await place.store.resume(upload.id);
    const digests = new Map([[1, digestOf(bytesOf(100, 3))]]);
    await expect(again.complete({ digests })).rejects.toMatchObject({
      code: "checksum-mismatch",
      message: expect.stringContaining("part 1"),
    });
  });

  test("takes the latest of what was sent of a part, also in a process that saw none of it", async () => {
    const upload = await create("twice.bin", 100);
    await put(upload, partAt(1, 100), bytesOf(100, 3));
    await put(upload, partAt(1, 100), bytesOf(100, 9));
    await put(upload, partAt(1, 100), bytesOf(100, 5));
    const again = await (await place.reopen()).resume(upload.id);
    expect(await again.receipts()).toMatchObject([{ digest: { md5: md5Of(bytesOf(100, 5)) } }]);
    await again.complete();
    expect(await bytesAt("twice.bin")).toEqual(bytesOf(100, 5));
  });

  test("succeeds for a process that did not hear that it was done, and the upload is over", async () => {
    const upload = await create("heard.bin", 100);
    await put(upload, partAt(1, 100));
    const late = await (await place.reopen()).resume(upload.id);
    const staged = place.client.getBlockBlobClient(`.naru/uploads/${upload.id}`);
    const { metadata = {} } = await staged.getProperties();
    const first = await upload.complete();
    expect(await late.complete()).toMatchObject({ size: 100, etag: first.etag });
    // As if the process had ended before it removed the upload's blob.
    await staged.upload("", 0, { metadata });
    await expect(place.store.resume(upload.id)).rejects.toEqual(failsWith("not-found"));
    await staged.delete();
  });

  test("does not take another upload's file for its own", async () => {
    const [mine, other] = [await create("taken.bin", 100), await create("taken.bin", 100)];
    const copy = await (await place.reopen()).resume(mine.id);
    await put(other, partAt(1, 100));
    await other.complete();
    await mine.abort();
    await expect(copy.complete()).rejects.toEqual(failsWith("not-found"));
  });

  test("keeps type, time of change and checksum, which listings tell, too", async () => {
    const modified = new Date(1_600_000_000_123);
    const upload = await place.store.create({
      path: "facts/meta.txt",
      size: 3,
      partSize,
      type: "text/plain",
      modified,
    });
    await put(upload, partAt(1, 3), new TextEncoder().encode("abc"));
    const facts = { type: "text/plain", modified, crc64: crc64(new TextEncoder().encode("abc")) };
    expect(await upload.complete()).toMatchObject(facts);
    expect(await place.store.stat("facts/meta.txt")).toMatchObject(facts);
    expect((await place.store.list({ prefix: "facts/" })).files).toMatchObject([{ path: "facts/meta.txt", ...facts }]);
  });

  test("makes an empty file of no part", async () => {
    expect(await (await create("empty/none", 0)).complete()).toMatchObject({ size: 0 });
    expect(await bytesAt("empty/none")).toHaveLength(0);
  });
});

describe("what the service copies in blocks", () => {
  const copySizes = { whole: 1000, block: 64 * 1024 };

  test("replaces a file only when it is whole", async () => {
    await using small = await openAzure(azurite, { copySizes });
    const { store, client } = small;
    const bytes = bytesOf(2 * partSize + 9);
    await store.putFile?.({ path: "old.bin" }, new Blob(["old"]));
    const upload = await store.create({ path: "old.bin", size: bytes.length, partSize, type: "text/plain" });
    for (const part of [partAt(1, partSize), partAt(2, partSize), partAt(3, 9)])
      await put(upload, part, bytes.slice(part.offset, part.offset + part.size));
    expect((await client.getBlobClient("old.bin").downloadToBuffer()).toString()).toBe("old");
    expect(await upload.complete()).toMatchObject({ size: bytes.length, crc64: crc64(bytes), type: "text/plain" });
    expect(new Uint8Array(await client.getBlobClient("old.bin").downloadToBuffer())).toEqual(bytes);
    const moved = await store.move("old.bin", "moved.bin");
    expect(moved).toMatchObject({ size: bytes.length, crc64: crc64(bytes), type: "text/plain" });
    expect(new Uint8Array(await client.getBlobClient("moved.bin").downloadToBuffer())).toEqual(bytes);
    expect(await store.stat("old.bin")).toBeUndefined();
  });

  test("is compared with the parts' checksums", async () => {
    await using small = await openAzure(azurite, { copySizes });
    const upload = await small.store.create({ path: "wrong.bin", size: 2000, partSize });
    const part = { ...partAt(1, 2000), digest: { md5: md5Of(bytesOf(2000)) } };
    const [signed] = (await upload.presign?.([part])) ?? [];
    await send(signed ?? { url: "", headers: {} }, bytesOf(2000));
    const digests = new Map([[1, { md5: md5Of(bytesOf(2000)), crc64: "0123456789abcdef" }]]);
    await expect(upload.complete({ digests })).rejects.toEqual(failsWith("checksum-mismatch"));
    expect(await small.store.stat("wrong.bin")).toBeUndefined();
  });
});

test("what other programs have begun stays as it is", async () => {
  const foreign = place.client.getBlockBlobClient("foreign/begun.bin");
  const hidden = place.client.getBlockBlobClient(".naru/uploads/somebody-else");
  await foreign.stageBlock("MDAwMDAx", "abc", 3);
  await hidden.upload("abc", 3);
  const upload = await create("foreign/ours.bin", 10);
  await put(upload, partAt(1, 10));
  const found = [];
  for await (const leftover of place.store.unfinished?.({ before: new Date(Date.now() + 60_000) }) ?? []) {
    found.push(leftover.id);
    await leftover.end();
  }
  expect(found).toContain(upload.id);
  expect(await allBlobs()).not.toContain(`.naru/uploads/${upload.id}`);
  await place.store.remove("foreign/ours.bin");
  await foreign.commitBlockList(["MDAwMDAx"]);
  expect((await foreign.downloadToBuffer()).toString()).toBe("abc");
  expect((await hidden.downloadToBuffer()).toString()).toBe("abc");
});

test("an upload that still receives blocks is no leftover, however old it is", async () => {
  const ahead = azureStore({ ...place.options, now: () => Date.now() + 30_000 });
  const [active, quiet] = [
    await ahead.create({ path: "a.bin", size: 10 }),
    await ahead.create({ path: "b.bin", size: 10 }),
  ];
  await put(active, { number: 1, offset: 0, size: 10 });
  const found = [];
  const before = new Date(Date.now() + 10_000);
  for await (const { id } of place.store.unfinished?.({ before }) ?? []) found.push(id);
  expect(found).toContain(quiet.id);
  expect(found).not.toContain(active.id);
  await ahead.close();
});
