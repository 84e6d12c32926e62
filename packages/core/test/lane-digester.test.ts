import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { crc64, MiB, type PartDigest } from "../src/index.ts";
import { LaneDigester, type LaneReader } from "../src/lanes/lane-digester.ts";

const digester = new LaneDigester({ pause: () => Promise.resolve() });

function digestTogether(readers: readonly LaneReader[]): Promise<readonly PartDigest[]> {
  return Promise.all(readers.map((reader) => digester.digest(reader)));
}

/** Bytes that tell their place. */
function bytesOf(size: number, seed: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from({ length: size }, (_, at) => Math.imul(at + seed, 2654435761) >>> 24);
}

function reader(bytes: Uint8Array<ArrayBuffer>, { atMost = Number.POSITIVE_INFINITY, late = false } = {}): LaneReader {
  let at = 0;
  return {
    size: bytes.length,
    read(room) {
      const piece = bytes.subarray(at, at + Math.min(room.length, atMost));
      room.set(piece);
      at += piece.length;
      return late ? Promise.resolve(piece.length) : piece.length;
    },
  };
}

function digestOf(bytes: Uint8Array): { md5: string; crc64: string } {
  return { md5: createHash("md5").update(bytes).digest("hex"), crc64: crc64(bytes) };
}

test("digests of bodies hashed side by side are those of each alone", async () => {
  const sizes = fc.array(fc.oneof(fc.nat(200), fc.nat(70_000), fc.constantFrom(55, 56, 63, 64, 65, 119, 120, 128)), {
    maxLength: 19,
  });
  await fc.assert(
    fc.asyncProperty(sizes, fc.integer({ min: 1, max: 5000 }), fc.boolean(), async (all, atMost, late) => {
      const bodies = all.map((size, index) => bytesOf(size, index));
      const digests = await digestTogether(bodies.map((body) => reader(body, { atMost, late })));
      expect(digests).toEqual(bodies.map(digestOf));
    }),
    { numRuns: 60 },
  );
});

test("eight long bodies and some more have their digests", async () => {
  const bodies = [...Array.from({ length: 8 }, (_, body) => MiB + body), 7, 0].map(bytesOf);
  expect(await digestTogether(bodies.map((body) => reader(body)))).toEqual(bodies.map(digestOf));
});

test("a body that ends early has no digest, and its neighbours are right", async () => {
  const body = bytesOf(200_000, 1);
  const short: LaneReader = { size: 10, read: () => 0 };
  const late: LaneReader = { size: 10, read: () => Promise.reject(new Error("gone")) };
  const asked = [reader(body), short, late, reader(body, { late: true })].map((one) => digester.digest(one));
  const [first, second, third, fourth] = await Promise.allSettled(asked);
  expect(first).toMatchObject({ value: digestOf(body) });
  expect(second).toMatchObject({ reason: { code: "file-changed" } });
  expect(third).toMatchObject({ reason: new Error("gone") });
  expect(fourth).toMatchObject({ value: digestOf(body) });
});

test("after a rest the first body is done before another is begun, if it is short enough to go alone", async () => {
  const kind = new LaneDigester({ pause: () => Promise.resolve(), firstAlone: MiB });
  const bodies = [MiB, 100, MiB].map(bytesOf);
  for (let round = 0; round < 2; round++) {
    const ended: number[] = [];
    let early = 0;
    const asked = bodies.map((body, index) => {
      const { size, read } = reader(body);
      const watched = (room: Uint8Array<ArrayBuffer>): number | Promise<number> => {
        if (index > 0 && !ended.includes(0)) early += 1;
        return read(room);
      };
      return kind.digest({ size, read: watched }).finally(() => ended.push(index));
    });
    expect(await Promise.all(asked)).toEqual(bodies.map(digestOf));
    expect(early).toBe(0);
  }
});

test("after a rest a few go first, and all lanes are taken once one of them is done", async () => {
  const kind = new LaneDigester({ pause: () => Promise.resolve(), firstTogether: 2 });
  const bodies = [2 * MiB, 2 * MiB + 1, MiB, MiB].map(bytesOf);
  for (let round = 0; round < 2; round++) {
    const begun: number[] = [];
    const ended: number[] = [];
    const asked = bodies.map((body, index) => {
      const { size, read } = reader(body);
      const watched = (room: Uint8Array<ArrayBuffer>): number | Promise<number> => {
        if (index > 1 && !begun.includes(index)) {
          begun.push(index);
          expect(ended.length).toBeGreaterThan(0);
        }
        return read(room);
      };
      return kind.digest({ size, read: watched }).finally(() => ended.push(index));
    });
    expect(await Promise.all(asked)).toEqual(bodies.map(digestOf));
    expect(begun).toEqual([2, 3]);
  }
});
