import { createHash } from "node:crypto";
import { Crc64, KiB, MiB } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { HashThread } from "../../src/gateway/hash-thread.ts";
import { BlockPool, blockSize } from "../../src/gateway/memory.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { anew, bytesOf, openGateway, send, smallLimits } from "./opened-gateway.ts";

const hashOf = (name: string, bytes: Uint8Array): string => createHash(name).update(bytes).digest("hex");

function inBlocks(bytes: Uint8Array, offset = 0) {
  const allotment = new BlockPool(64 * MiB).allot();
  const blocks = [];
  for (let at = 0; at < bytes.length; at += blockSize) {
    const block = allotment.take();
    if (!block) throw new Error("the pool is too small");
    block.set(bytes.subarray(at, at + blockSize));
    blocks.push(block);
  }
  return { blocks, size: bytes.length, offset };
}

test("many parts at once have the digests that each has alone", async () => {
  const thread = new HashThread();
  const bytes = bytesOf(11 * MiB - 5);
  const parts = Array.from({ length: 11 }, (_, n) => bytes.subarray(n * MiB, (n + 1) * MiB));
  const digests = await Promise.all(parts.map((part, n) => thread.part(inBlocks(part, n * MiB))));
  for (const [n, part] of parts.entries()) {
    const crc = new Crc64();
    crc.update(part);
    expect(digests[n]).toEqual({ md5: hashOf("md5", part), crc64: crc.hex() });
  }
  await thread.close();
});

test("a thread that ends answers all who wait, and the next part has a new one", async () => {
  const thread = new HashThread();
  const first = thread.part(inBlocks(bytesOf(MiB)));
  await thread.close();
  expect(await first).toBeUndefined();
  const bytes = bytesOf(KiB);
  expect((await thread.part(inBlocks(bytes, MiB)))?.md5).toBe(hashOf("md5", bytes));
  await thread.close();
});

test("the MD5 of a file of one part is known; other digests are taken when they are asked for, and remembered", async () => {
  await using place = openGateway(memoryStore(new Map(), { limits: smallLimits }));
  for (const size of [MiB / 2, 5 * MiB]) {
    const path = `/${size}.bin`;
    const bytes = bytesOf(size);
    const arrival = await place.session.openWrite(path, anew);
    await send(arrival, bytes.subarray(0, size - 100));
    await arrival.write(size - 200, bytes.subarray(size - 200));
    const first = bytes.subarray(0, 100);
    if (size < MiB) await arrival.write(0, first.fill(7));
    await arrival.finish();
    expect(await place.session.checksum(path, "md5")).toBe(size < MiB ? hashOf("md5", bytes) : undefined);
    for (const name of ["sha256", "md5"] as const) {
      expect(await place.session.digest(path, { name })).toEqual([hashOf(name, bytes)]);
      expect(await place.session.checksum(path, name)).toBe(hashOf(name, bytes));
    }
    const other = await place.session.openWrite(path, anew);
    await other.write(0, Buffer.from("other"));
    await other.finish();
    expect(await place.session.digest(path, { name: "sha256" })).toEqual([hashOf("sha256", Buffer.from("other"))]);
  }
});

test("a disk takes the digest of a part itself, and no MD5 is taken for it", async () => {
  await using folder = await tempFolder();
  const store = await fileStore(folder.path);
  const told: unknown[] = [];
  const create: typeof store.create = async (spec, options) => {
    const upload = await store.create(spec, options);
    const put = upload.put.bind(upload);
    upload.put = (part, body, how) => {
      told.push(how?.digest);
      return put(part, body, how);
    };
    return upload;
  };
  await using place = openGateway({ ...store, create });
  const bytes = bytesOf(9 * MiB);
  const arrival = await place.session.openWrite("/big.bin", anew);
  await send(arrival, bytes);
  await arrival.finish();
  expect(told).toEqual([undefined, undefined]);
  expect(await place.session.checksum("/big.bin", "crc64")).toBe(new Crc64().update(bytes).hex());
  expect(await place.session.digest("/big.bin", { name: "md5" })).toEqual([hashOf("md5", bytes)]);
});
