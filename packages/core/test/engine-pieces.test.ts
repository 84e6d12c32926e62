import { describe, expect, test } from "vitest";
import { Backoff } from "../src/backoff.ts";
import { Concurrency } from "../src/concurrency.ts";
import { bytesBudget, patientPolicy } from "../src/index.ts";
import { Speed } from "../src/speed.ts";
import { settle } from "./manual-clock.ts";

describe("the budget of bytes", () => {
  test("lets wait what does not fit, and serves in order", async () => {
    const budget = bytesBudget(10);
    const granted: string[] = [];
    const take = (name: string, bytes: number): Promise<() => void> =>
      budget.take(bytes).then((giveBack) => {
        granted.push(name);
        return giveBack;
      });
    const first = await take("first", 8);
    const second = take("second", 5);
    const third = take("third", 1);
    await settle();
    expect(granted).toEqual(["first"]);
    first();
    first();
    await settle();
    expect(granted).toEqual(["first", "second", "third"]);
    (await second)();
    (await third)();
  });

  test("lets one part pass that is larger than all of it", async () => {
    const giveBack = await bytesBudget(10).take(100);
    giveBack();
  });

  test("counts once what is given back twice", async () => {
    const budget = bytesBudget(10);
    const first = await budget.take(8);
    first();
    first();
    await budget.take(8);
    let isServed = false;
    void budget.take(8).then(() => {
      isServed = true;
    });
    await settle();
    expect(isServed).toBe(false);
  });

  test("frees the place of who does not wait any longer", async () => {
    const budget = bytesBudget(10);
    const first = await budget.take(9);
    const stop = new AbortController();
    const large = budget.take(10, { signal: stop.signal });
    const small = budget.take(1);
    stop.abort(new Error("stopped"));
    await expect(large).rejects.toThrow("stopped");
    (await small)();
    first();
  });
});

describe("the window", () => {
  const run = (window: Concurrency, rate: (size: number) => number, seconds: number, from = 0): void => {
    for (let ms = from; ms <= from + seconds * 1000; ms += 100) window.moved(rate(window.size) / 10, ms, true);
  };

  test("climbs while every connection adds speed", () => {
    const window = new Concurrency({ most: 32, start: 4 });
    run(window, (size) => size * 1e6, 8);
    expect(window.size).toBe(32);
  });

  test("stays low when one more adds nothing", () => {
    const window = new Concurrency({ most: 32, start: 4 });
    run(window, () => 10e6, 60);
    expect(window.size).toBeLessThanOrEqual(8);
  });

  test("halves on trouble, once for a burst, and climbs again", () => {
    const window = new Concurrency({ most: 16, start: 16 });
    for (let i = 0; i < 16; i++) window.failed(1000 + i);
    expect(window.size).toBe(8);
    run(window, (size) => size * 1e6, 10, 2000);
    expect(window.size).toBe(16);
  });

  test("never closes", () => {
    const window = new Concurrency({ most: 4, start: 4 });
    for (let at = 0; at < 100_000; at += 5000) window.failed(at);
    expect(window.size).toBe(1);
  });
});

test("backoff doubles up to 30 s, begins anew with progress, and heeds who asks for more", () => {
  const backoff = new Backoff(patientPolicy, () => 1);
  expect([0, 0, 0, 0, 0, 0, 0, 0].map((progress) => backoff.next(progress))).toEqual([
    500, 1000, 2000, 4000, 8000, 16_000, 30_000, 30_000,
  ]);
  expect(backoff.next(1)).toBe(500);
  expect(backoff.next(1, 60_000)).toBe(60_000);
});

test("speed is that of the last seconds", () => {
  const speed = new Speed();
  for (let ms = 0; ms <= 20_000; ms += 100) speed.add(100, ms);
  expect(speed.at(20_000)).toBeCloseTo(1000, -2);
  expect(speed.at(60_000)).toBeLessThan(10);
});
