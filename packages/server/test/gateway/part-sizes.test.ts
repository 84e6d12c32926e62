import { GiB, type Limits, MiB, TiB } from "@naru/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { planSizes, roomAfter } from "../../src/gateway/part-sizes.ts";

const s3: Limits = {
  ...{ minPartSize: 5 * MiB, maxPartSize: 5 * GiB, maxParts: 10_000, maxSize: 5 * TiB },
  ...{ equalParts: false, maxInFlight: 64 },
};

/** The end of part `number`, counted part by part. */
function reach(sizes: (number: number) => number, number: number): number {
  let end = 0;
  for (let part = 1; part <= number; part++) end += sizes(part);
  return end;
}

test("parts of unknown size begin at 8 MiB, never shrink, and 10,000 of them hold 5 TiB", () => {
  const sizes = planSizes(s3, {});
  expect([1, 1000, 1001, 3000, 3001].map((number) => sizes(number) / MiB)).toEqual([8, 8, 16, 16, 32]);
  fc.assert(fc.property(fc.integer({ min: 1, max: 9999 }), (number) => sizes(number) <= sizes(number + 1)));
  expect(reach(sizes, 10_000)).toBeGreaterThanOrEqual(5 * TiB);
  expect(roomAfter(0, s3)).toBe(reach(sizes, 10_000));
});

test("a part is never more than a hundredth of what came before it, once parts are larger than 32 MiB", () => {
  const sizes = planSizes(s3, {});
  for (let number = 3002; number <= 7000; number += 499) {
    expect(sizes(number)).toBeLessThanOrEqual(reach(sizes, number - 1) / 100);
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
