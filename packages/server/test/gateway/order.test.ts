import { createHash } from "node:crypto";
import { MiB } from "@naru/core";
import { faults, type MemoryFile, memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { anew, bytesOf, fetchAll, goOn, openGateway, places, send, smallLimits } from "./opened-gateway.ts";

const limits = smallLimits;

for (const [name, open] of Object.entries(places)) {
  describe(`order and overlap over ${name}`, () => {
    test("writes in any order within the window make the same file", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(3 * MiB + 5);
      const arrival = await gate.session.openWrite("/a.bin", anew);
      const starts = Array.from({ length: Math.ceil(bytes.length / 32_768) }, (_, index) => index * 32_768);
      // Neighbours swapped in groups of eight, as a client with eight workers does.
      for (let at = 0; at < starts.length; at += 8) {
        const group = starts.slice(at, at + 8).reverse();
        await Promise.all(group.map((start) => arrival.write(start, bytes.subarray(start, start + 32_768))));
      }
      await arrival.finish();
      expect((await fetchAll(place.store, "a.bin")).equals(bytes)).toBe(true);
    });

    test("a hole that is never filled is zeros when the file is closed, as on a disk", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const arrival = await gate.session.openWrite("/a.bin", anew);
      const [head, tail] = [bytesOf(1000), bytesOf(1000)];
      await arrival.write(3_000_000, tail);
      await arrival.write(0, head);
      expect(arrival.size).toBe(1000);
      expect((await arrival.finish()).size).toBe(3_001_000);
      const whole = Buffer.concat([head, Buffer.alloc(2_999_000), tail]);
      expect((await fetchAll(place.store, "a.bin")).equals(whole)).toBe(true);
    });

    test("what resumes an earlier attempt and has a hole has lost bytes, and is no file", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const first = await gate.session.openWrite("/a.bin", anew);
      await first.write(0, bytesOf(1000));
      await first.write(2000, bytesOf(1000));
      await first.suspend();
      expect(await gate.session.stat("/a.bin")).toMatchObject({ size: 1000, arriving: true });
      const again = await gate.session.openWrite("/a.bin", goOn);
      await again.write(2000, bytesOf(1000));
      await expect(again.finish()).rejects.toMatchObject({ code: "incomplete" });
      await again.suspend();
      expect(await place.store.stat("a.bin")).toBeUndefined();
      expect(await gate.session.stat("/a.bin")).toMatchObject({ size: 1000, arriving: true });
    });

    test("what is too far ahead, or too much before its turn, is refused at once", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const arrival = await gate.session.openWrite("/a.bin", anew);
      await arrival.write(0, bytesOf(1000));
      await expect(arrival.write(1025 * MiB, bytesOf(10))).rejects.toMatchObject({ code: "invalid" });
      await arrival.write(2000, bytesOf(10 * MiB));
      await expect(arrival.write(2000 + 10 * MiB, bytesOf(7 * MiB))).rejects.toMatchObject({ code: "invalid" });
      expect(arrival.size).toBe(1000);
    });

    test("bytes that are still in memory may come again, the same or others", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(400_000);
      const arrival = await gate.session.openWrite("/a.bin", anew);
      await send(arrival, bytes.subarray(0, 300_000));
      await arrival.write(200_000, bytes.subarray(200_000));
      const patch = bytesOf(10_000);
      await arrival.write(50_000, patch);
      await arrival.finish();
      bytes.set(patch, 50_000);
      expect((await fetchAll(place.store, "a.bin")).equals(bytes)).toBe(true);
      const md5 = createHash("md5").update(bytes).digest("hex");
      expect([md5, undefined]).toContain(await gate.session.checksum("/a.bin", "md5"));
    });

    test("a smaller size cuts exactly there, or is refused and costs nothing", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const bytes = bytesOf(5 * MiB);
      const arrival = await gate.session.openWrite("/a.bin", anew);
      await send(arrival, bytes.subarray(0, 4_500_000));
      const refused = await arrival.resize(2_700_000).then(
        () => false,
        () => true,
      );
      // Only what lies in hidden files and memory can be cut where a store gives nothing back.
      expect(arrival.size).toBe(refused ? 4_500_000 : 2_700_000);
      if (name === "file") expect(refused).toBe(false);
      await arrival.suspend();
      const told = (await gate.session.stat("/a.bin"))?.size ?? 0;
      expect(told).toBe(refused ? 4_500_000 : 2_700_000);
      const again = await gate.session.openWrite("/a.bin", goOn);
      expect(again.size).toBe(told);
      await send(again, bytes, { from: told });
      await again.finish();
      expect((await fetchAll(place.store, "a.bin")).equals(bytes)).toBe(true);
    });

    test("a told size that does not come true is no file", async () => {
      await using place = await open();
      await using gate = openGateway(place.store);
      const arrival = await gate.session.openWrite("/a.bin", { ...anew, size: 2000 });
      await arrival.write(0, bytesOf(1000));
      await expect(arrival.finish()).rejects.toMatchObject({ code: "incomplete" });
      await arrival.write(1000, bytesOf(1000));
      expect((await arrival.finish()).size).toBe(2000);
    });
  });
}

test("memory stays within its bound while many files come at once and none of them is closed", async () => {
  const store = memoryStore(new Map<string, MemoryFile>(), { limits });
  await using gate = openGateway(store, { memoryBytes: 8 * MiB });
  const files = Array.from({ length: 30 }, (_, index) => ({ path: `/f${index}`, bytes: bytesOf(1_900_000) }));
  const arrivals = await Promise.all(files.map(({ path }) => gate.session.openWrite(path, anew)));
  for (let at = 0; at < 1_900_000; at += 50_000) {
    await Promise.all(
      arrivals.map((arrival, index) => arrival.write(at, files[index]?.bytes.subarray(at, at + 50_000) ?? bytesOf(0))),
    );
    // Each may hold 1 MiB whatever happens; beyond that they share.
    expect(gate.gateway.memoryHeld).toBeLessThanOrEqual(38 * MiB);
  }
  for (const arrival of arrivals) await arrival.finish();
  for (const { path, bytes } of files) {
    expect((await fetchAll(store, path.slice(1))).equals(bytes)).toBe(true);
  }
  expect(gate.gateway.memoryHeld).toBe(0);
  expect((await store.list({ prefix: "" })).files.length).toBe(30);
});

test("who has too little for a part waits for the memory of a part that travels, and writes no hidden file", async () => {
  const files = new Map<string, MemoryFile>();
  const inner = memoryStore(files, { limits: { minPartSize: 5 * MiB } });
  const travels = Promise.withResolvers<void>();
  const { create } = faults(inner, ({ kind }) => (kind === "put" ? { stall: travels.promise } : undefined));
  const hidden: string[] = [];
  const putFile: typeof inner.putFile = async (spec, body, options) => {
    hidden.push(spec.path);
    if (inner.putFile === undefined) throw new Error("the store writes no small files");
    return inner.putFile(spec, body, options);
  };
  const store = Object.assign(memoryStore(files, { limits: { minPartSize: 5 * MiB } }), { create, putFile });
  await using gate = openGateway(store, { memoryBytes: 8 * MiB });
  const bytes = bytesOf(6 * MiB);
  const [first, second] = [await gate.session.openWrite("/a", anew), await gate.session.openWrite("/b", anew)];
  const firstWritten = first.write(0, bytes);
  await expect.poll(() => gate.gateway.memoryHeld).toBe(5 * MiB);
  const secondWritten = second.write(0, bytes);
  await expect.poll(() => gate.gateway.memoryHeld).toBe(8 * MiB);
  travels.resolve();
  await Promise.all([firstWritten, secondWritten]);
  expect(hidden).toEqual([]);
  for (const arrival of [first, second]) expect((await arrival.finish()).size).toBe(bytes.length);
});

test("who resumes by parts of its own begins before the end of what was kept, and sends that again", async () => {
  // The first two parts have 8 MiB, the next ones 16.
  const store = memoryStore(new Map<string, MemoryFile>(), { limits: { minPartSize: 5 * MiB, maxParts: 100 } });
  await using gate = openGateway(store);
  const bytes = bytesOf(40 * MiB);
  for (const [index, kept] of [11, 20, 29].entries()) {
    const path = `/x${index}.bin`;
    const first = await gate.session.openWrite(path, anew);
    await send(first, bytes.subarray(0, kept * MiB + 123));
    await first.suspend();
    const again = await gate.another().open("ann").openWrite(path, goOn);
    expect(again.size).toBe(kept * MiB + 123);
    await send(again, bytes, { from: Math.floor(kept / 8) * 8 * MiB });
    await again.finish();
    expect((await fetchAll(store, path.slice(1))).equals(bytes), path).toBe(true);
  }
});

test("who cuts what was kept back to a part of its own has a file once as much has come again", async () => {
  const store = memoryStore(new Map<string, MemoryFile>(), { limits: { minPartSize: 5 * MiB, maxParts: 100 } });
  await using gate = openGateway(store);
  const bytes = bytesOf(20 * MiB);
  const first = await gate.session.openWrite("/x.bin", anew);
  await send(first, bytes.subarray(0, 18 * MiB));
  await first.suspend();
  const short = await gate.another().open("ann").openWrite("/x.bin", goOn);
  await short.resize(8 * MiB);
  expect(short.size).toBe(8 * MiB);
  await send(short, bytes.subarray(0, 10 * MiB), { from: 8 * MiB });
  await expect(short.finish()).rejects.toMatchObject({ code: "incomplete" });
  await send(short, bytes, { from: 10 * MiB });
  await short.finish();
  expect((await fetchAll(store, "x.bin")).equals(bytes)).toBe(true);
});
