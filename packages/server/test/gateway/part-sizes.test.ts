import { GiB, type Limits, MiB, type Part, type Receipt, TiB } from "@naru/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { copyRanges } from "../../src/gateway/file-base.ts";
import { planSizes, roomAfter } from "../../src/gateway/part-sizes.ts";

const s3: Limits = {
  minPartSize: 5 * MiB,
  maxPartSize: 5 * GiB,
  maxParts: 10_000,
  maxSize: 5 * TiB,
  equalParts: false,
  maxInFlight: 64,
};

/** The end of part `number`, counted part by part. */
function reach(sizes: (number: number) => number, number: number): number {
  let end = 0;
  for (let part = 1; part <= number; part++) end += sizes(part);
  return end;
}

test("parts of unknown size begin at 8 MiB, never shrink, and 10,000 of them hold 5 TiB", () => {
  const sizes = planSizes(s3, {});
  expect([1, 200, 201, 600, 601].map((number) => sizes(number) / MiB)).toEqual([8, 8, 16, 16, 32]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), (number) => sizes(number) <= sizes(number + 1)));
  expect(reach(sizes, 10_000)).toBeGreaterThanOrEqual(5 * TiB);
  expect(roomAfter(0, s3)).toBe(reach(sizes, 10_000));
});

test("a part is never more than a hundredth of what came before it, nor more than 1 GiB", () => {
  const sizes = planSizes(s3, {});
  for (let number = 601; number <= 10_000; number += 499) {
    expect(sizes(number)).toBeLessThanOrEqual(reach(sizes, number - 1) / 100);
    expect(sizes(number)).toBeLessThanOrEqual(GiB);
  }
});

test("with a hint, and wherever they must be, parts are equal, legal and enough", () => {
  const hints = fc.option(fc.integer({ min: 0, max: 5 * TiB }), { nil: undefined });
  fc.assert(
    fc.property(hints, fc.boolean(), fc.integer({ min: 1, max: 10_000 }), (hint, equalParts, number) => {
      const sizes = planSizes({ ...s3, equalParts }, { hint });
      expect(sizes(number)).toBeGreaterThanOrEqual(s3.minPartSize);
      expect(sizes(number)).toBeLessThanOrEqual(s3.maxPartSize);
      if (hint !== undefined || equalParts) expect(sizes(number)).toBe(sizes(1));
      if (hint !== undefined) expect(sizes(1) * s3.maxParts).toBeGreaterThanOrEqual(hint);
    }),
  );
});

test("what is left after a part is what the plan says", () => {
  const sizes = planSizes(s3, {});
  for (const number of [1, 999, 1000, 4321, 7000, 9999, 10_000]) {
    expect(roomAfter(number, s3)).toBe(reach(sizes, 10_000) - reach(sizes, number));
  }
});

/** What a file of `total` bytes becomes when 32 MiB of a part fit in memory, as the gateway sends it. */
function sent(
  total: number,
  {
    hint,
    limits = s3,
    before = {},
  }: { hint?: number; limits?: Limits; before?: { parts?: number; end?: number } } = {},
): { readonly parts: number; readonly largest: number; readonly aside: number } {
  const sizes = planSizes(limits, { hint });
  const held = 32 * MiB;
  let { parts = 0, end = 0 } = before;
  let [largest, aside] = [0, 0];
  while (end < total) {
    parts += 1;
    let size = Math.min(sizes(parts, end), total - end);
    const isShort = size > held && sizes.mayCutShort({ size: held, number: parts, end: end + held });
    if (isShort) size = held;
    aside += Math.max(0, size - held);
    largest = Math.max(largest, size);
    end += size;
  }
  return { parts, largest, aside };
}

test("a file of a told size has parts enough, however large it is", () => {
  for (const size of [GiB, 100 * GiB, 312 * GiB, 500 * GiB, TiB, 2 * TiB, 4 * TiB, 5 * TiB]) {
    const { parts, largest } = sent(size, { hint: size });
    expect(parts).toBeLessThanOrEqual(9_500);
    expect(largest).toBeLessThanOrEqual(GiB);
  }
});

test("a file that becomes larger than was told goes on with parts that grow", () => {
  for (const [told, size] of [
    [GiB, 5 * TiB - 100 * GiB],
    [156 * GiB, 600 * GiB],
    [500 * GiB, 900 * GiB],
    [4 * TiB, 4.4 * TiB],
  ] as const) {
    const { parts, largest } = sent(size, { hint: told });
    expect(parts).toBeLessThanOrEqual(10_000);
    expect(largest).toBeLessThanOrEqual(GiB);
  }
});

test("a told size has parts enough after an earlier session spent many on little", () => {
  const { parts } = sent(4 * TiB, { hint: 4 * TiB, before: { parts: 5_000, end: 40 * GiB } });
  expect(parts).toBeLessThanOrEqual(10_000);
});

test("a file of unknown size reaches 5 TiB in 10,000 parts of at most 1 GiB", () => {
  const { parts, largest } = sent(5 * TiB);
  expect(parts).toBeLessThanOrEqual(10_000);
  expect(largest).toBe(GiB);
});

test("a file of unknown size is not put aside before 144 GiB, and never more of a part than memory cannot hold", () => {
  expect(sent(144 * GiB).aside).toBe(0);
  expect(sent(TiB).aside).toBeLessThan(TiB - 144 * GiB);
});

describe("where a store takes 1,000 parts of a file", () => {
  const few: Limits = { ...s3, maxParts: 1000, maxSize: 1000 * s3.maxPartSize };

  test("a file of unknown size has no more, and reaches more than 1 TiB", () => {
    const { parts, largest } = sent(1.25 * TiB, { limits: few });
    expect(parts).toBeLessThanOrEqual(1000);
    expect(largest).toBe(few.maxPartSize);
    expect(roomAfter(0, few)).toBe(reach(planSizes(few, {}), 1000));
  });

  test("a file of a told size has no more, however large it is", () => {
    for (const size of [GiB, 31 * GiB, 32 * GiB, 500 * GiB, TiB, 4 * TiB]) {
      expect(sent(size, { hint: size, limits: few }).parts).toBeLessThanOrEqual(1000);
    }
    expect(() => planSizes(few, { hint: 5 * TiB })).toThrow(expect.objectContaining({ code: "too-large" }));
  });

  test("a file that is appended to is copied by half of them at most", async () => {
    const copied: Part[] = [];
    const copy = async (part: Part): Promise<Receipt> => {
      copied.push(part);
      return { part, etag: "e" };
    };
    await copyRanges(few, { from: 0, to: 2 * TiB, number: 1 }, copy);
    expect(copied.length).toBeLessThanOrEqual(500);
    expect(copied.reduce((sum, { size }) => sum + size, 0)).toBe(2 * TiB);
    expect(Math.max(...copied.map(({ size }) => size))).toBeLessThanOrEqual(few.maxPartSize);
  });
});
