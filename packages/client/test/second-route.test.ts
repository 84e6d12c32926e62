import { expect, test } from "vitest";
import { SecondRoute } from "../src/browser/second-route.ts";
import { UploadPlaces } from "../src/browser/upload-places.ts";

const MB = 1e6;

/** Seconds of a line on which `rate` tells what all connections carry together. */
function line() {
  const clock = { time: 0, now: () => clock.time };
  let opened = 0;
  const route = new SecondRoute(clock, () => {
    opened += 1;
  });
  const run = (seconds: number, rate: (through: number) => number, isFull = true): void => {
    for (let step = 0; step < seconds * 10; step += 1) {
      clock.time += 100;
      const through = route.isOpen ? 4 : 0;
      route.moved(rate(through) / 10, { straight: 6, isFull, through });
    }
  };
  return { clock, route, run, opened: () => opened };
}

test("where six slow connections are busy, parts go through the server, and do as long as that makes the whole faster", () => {
  const { route, run } = line();
  run(1.5, () => 6 * MB);
  expect(route.isOpen).toBe(false);
  run(2, (through) => (6 + through) * MB);
  expect(route.isOpen).toBe(true);
  run(60, (through) => (6 + through) * MB);
  expect(route.isOpen).toBe(true);
});

test("where it makes the whole no faster, it is left for ten minutes", () => {
  const { route, run, opened } = line();
  run(8, () => 6 * MB);
  expect(route.isOpen).toBe(false);
  run(590, () => 6 * MB);
  expect(opened()).toBe(1);
  run(15, () => 6 * MB);
  expect(opened()).toBe(2);
});

test("on a short clean line of 100 Mbit/s it is not tried", () => {
  const { run, opened } = line();
  run(60, () => 11.9 * MB);
  expect(opened()).toBe(0);
});

test("it is not tried while connections to the store are free", () => {
  const { run, opened } = line();
  run(60, () => 2 * MB, false);
  expect(opened()).toBe(0);
});

test("after a part that did not get through, it is left for a minute", () => {
  const { route, run } = line();
  run(20, (through) => (6 + through) * MB);
  route.failed();
  run(55, (through) => (6 + through) * MB);
  expect(route.isOpen).toBe(false);
  run(15, (through) => (6 + through) * MB);
  expect(route.isOpen).toBe(true);
});

test("it is given up where the line has become fast", () => {
  const { route, run } = line();
  run(20, (through) => (6 + through) * MB);
  run(2, () => 60 * MB);
  expect(route.isOpen).toBe(false);
});

/** Places of a tab whose uploads have been slow for long enough that the server is tried. */
async function slowPlaces(through: () => number = () => 4) {
  const clock = { time: 0, now: () => clock.time };
  const places = new UploadPlaces({ clock, straight: 6, through });
  const leave: (() => void)[] = [];
  const take = (count: number): void => {
    for (let each = 0; each < count; each += 1) void places.uploads.take(1).then((gone) => leave.push(gone));
  };
  take(12);
  await Promise.resolve();
  for (let step = 0; step < 40; step += 1) {
    clock.time += 100;
    places.sent(6e5);
  }
  await new Promise((resolve) => setImmediate(resolve));
  return { places, leave };
}

test("uploads have four more places then, whose parts go through the server", async () => {
  const { places, leave } = await slowPlaces();
  expect(leave.length).toBe(10);
  expect([1, 2, 3, 4, 5].map(() => places.enter() !== undefined)).toEqual([true, true, true, true, false]);
});

test("what else is sent to the server leaves less for parts", async () => {
  const { places, leave } = await slowPlaces(() => 1);
  expect(leave.length).toBe(7);
  expect([1, 2].map(() => places.enter() !== undefined)).toEqual([true, false]);
});

test("a download gets a place at the store when one is free there, before the uploads that came after it", async () => {
  const { places, leave } = await slowPlaces();
  for (let part = 0; part < 4; part += 1) places.enter();
  let has = false;
  void places.others.take(1).then(() => {
    has = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(has).toBe(false);
  for (const gone of leave.splice(0, 3)) gone();
  await new Promise((resolve) => setImmediate(resolve));
  expect(has).toBe(true);
});

test("a download that waits for a place at the store holds back no upload that may go through the server", async () => {
  const { places, leave } = await slowPlaces();
  for (const gone of leave.splice(0, 2)) gone();
  await new Promise((resolve) => setImmediate(resolve));
  expect(leave.length).toBe(10);
  void places.others.take(1);
  void places.uploads.take(1).then((gone) => leave.push(gone));
  leave.shift()?.();
  await new Promise((resolve) => setImmediate(resolve));
  expect(leave.length).toBe(10);
});

test("who gives up leaves the place to the next", async () => {
  const { places, leave } = await slowPlaces(() => 0);
  expect(leave.length).toBe(6);
  const stop = new AbortController();
  const waiting = places.others.take(1, { signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(waiting).rejects.toThrow("stopped");
  for (const gone of leave.splice(0)) gone();
  await new Promise((resolve) => setImmediate(resolve));
  expect(leave.length).toBe(6);
});
