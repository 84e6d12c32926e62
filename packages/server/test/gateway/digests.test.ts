import { createHash } from "node:crypto";
import { Crc64, KiB, MiB } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { HashThread } from "../../src/gateway/hash-thread.ts";
import { BlockPool, blockSize } from "../../src/gateway/memory.ts";
import { WholeDigests } from "../../src/gateway/whole-digests.ts";
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

test("many parts at once have the digests that each has alone, and the file has its own", async () => {
  const thread = new HashThread();
  const whole = new WholeDigests(thread);
  const bytes = bytesOf(11 * MiB - 5);
  const parts = Array.from({ length: 11 }, (_, n) => bytes.subarray(n * MiB, (n + 1) * MiB));
  const digests = await Promise.all(parts.map((part, n) => whole.take(inBlocks(part, n * MiB)).digest));
  for (const [n, part] of parts.entries()) {
    const crc = new Crc64();
    crc.update(part);
    expect(digests[n]).toEqual({ md5: hashOf("md5", part), crc64: crc.hex() });
  }
  expect(await whole.of(bytes.length)).toEqual({ sha256: hashOf("sha256", bytes) });
  expect(await whole.of(bytes.length - 1)).toBeUndefined();
  await thread.close();
});

test("a file with a part that was not seen has no digests", async () => {
  const thread = new HashThread();
  const whole = new WholeDigests(thread);
  whole.take(inBlocks(bytesOf(MiB)));
  await whole.take(inBlocks(bytesOf(MiB), 2 * MiB)).taken;
  expect(await whole.of(3 * MiB)).toBeUndefined();
  await thread.close();
});

test("a thread that ends answers all who wait, and the next part has a new one", async () => {
  const thread = new HashThread();
  const whole = new WholeDigests(thread);
  const first = whole.take(inBlocks(bytesOf(MiB)));
  await thread.close();
  expect(await first.digest).toBeUndefined();
  await first.taken;
  const bytes = bytesOf(KiB);
  const second = whole.take(inBlocks(bytes, MiB));
  expect((await second.digest)?.md5).toBe(hashOf("md5", bytes));
  expect(await whole.of(MiB + KiB)).toBeUndefined();
  await thread.close();
});

test("a file of one part has its MD5, one of many its SHA-256, and both what was written over", async () => {
  await using place = openGateway(memoryStore(new Map(), { limits: smallLimits }));
  for (const size of [MiB / 2, 5 * MiB]) {
    const bytes = bytesOf(size);
    const arrival = await place.session.openWrite(`/${size}.bin`, anew);
    await send(arrival, bytes.subarray(0, size - 100));
    await arrival.write(size - 200, bytes.subarray(size - 200));
    const first = bytes.subarray(0, 100);
    if (size < MiB) await arrival.write(0, first.fill(7));
    await arrival.finish();
    expect(await place.session.checksum(`/${size}.bin`, "sha256")).toBe(hashOf("sha256", bytes));
    expect(await place.session.checksum(`/${size}.bin`, "md5")).toBe(size < MiB ? hashOf("md5", bytes) : undefined);
  }
});
