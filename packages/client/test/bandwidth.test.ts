import { bytesBudget, MiB } from "@naru/core";
import { beforeEach, expect, test } from "vitest";
import { ManualClock } from "../../core/test/manual-clock.ts";
import { Bandwidth } from "../src/browser/bandwidth.ts";

let clock: ManualClock;
let tabs: number;
let bandwidth: Bandwidth;
beforeEach(() => {
  clock = new ManualClock();
  tabs = 1;
  bandwidth = new Bandwidth({ clock, tabs: () => tabs });
});

/** Send parts of this size until the limit has let so many through, and give the seconds that it took. */
async function secondsFor(parts: number, size: number): Promise<number> {
  let passed = 0;
  const all = Promise.all(Array.from({ length: parts }, () => bandwidth.pass(size).then(() => (passed += 1))));
  const ms = await clock.until(() => passed === parts);
  await all;
  return ms / 1000;
}

test("what is sent keeps to the limit within a few percent, and the first part goes at once", async () => {
  bandwidth.setLimit(4 * MiB);
  expect(await secondsFor(1, MiB)).toBe(0);
  // The first part is paid for by the time after it.
  expect(await secondsFor(40, MiB)).toBeCloseTo(10, 0);
});

test("tabs that send share one limit", async () => {
  bandwidth.setLimit(4 * MiB);
  tabs = 2;
  expect(await secondsFor(21, MiB)).toBeCloseTo(10, 0);
});

test("who waits is let go at once when the limit is lifted", async () => {
  bandwidth.setLimit(1000);
  await bandwidth.pass(MiB);
  const waiting = bandwidth.pass(MiB);
  bandwidth.setLimit(undefined);
  await waiting;
  await bandwidth.pass(100 * MiB);
  expect(clock.now()).toBe(0);
});

test("a part that is paused while it waits leaves its place, and costs nothing", async () => {
  bandwidth.setLimit(1 * MiB);
  const budget = bandwidth.around(bytesBudget(100 * MiB));
  (await budget.take(MiB))();
  const pause = new AbortController();
  const paused = budget.take(50 * MiB, { signal: pause.signal });
  const next = secondsFor(1, MiB);
  pause.abort(new Error("paused"));
  await expect(paused).rejects.toThrow("paused");
  expect(await next).toBeCloseTo(1, 0);
});

test("parts of new uploads are small enough to be even at a low limit, and never too many", () => {
  expect(bandwidth.partSize).toBeUndefined();
  bandwidth.setLimit(5 * MiB);
  expect(bandwidth.partSize).toBe(5 * MiB);
  bandwidth.setLimit(1000);
  expect(bandwidth.partSize).toBe(MiB);
  bandwidth.setLimit(200 * MiB);
  expect(bandwidth.partSize).toBeUndefined();
});
