import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Schedule } from "../../src/transfers/schedule.ts";

const hours = { from: 19 * 60, until: 7 * 60, days: [0, 1, 2, 3, 4, 5, 6] };
const changes: boolean[] = [];
let schedule: Schedule;

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(new Date(2026, 10, 23, 18, 59, 50));
  changes.length = 0;
  schedule = new Schedule(
    () => hours,
    () => changes.push(schedule.isOpen),
  );
  schedule.keep();
});
afterEach(() => {
  schedule[Symbol.dispose]();
  vi.useRealTimers();
});

test("the hours begin and end at their minute", () => {
  vi.advanceTimersByTime(10_100);
  expect(changes).toEqual([false, true]);
  vi.advanceTimersByTime(12 * 3_600_000);
  expect(changes).toEqual([false, true, false]);
});

test("a PC that slept through the end of the hours, or whose clock was set, stops within a minute", () => {
  vi.advanceTimersByTime(10_100);
  vi.setSystemTime(new Date(2026, 10, 24, 7, 30));
  vi.advanceTimersByTime(60_000);
  expect(changes).toEqual([false, true, false]);
});

test("one that slept through their beginning goes on within a minute", () => {
  vi.setSystemTime(new Date(2026, 10, 23, 22, 0));
  vi.advanceTimersByTime(60_000);
  expect(changes).toEqual([false, true]);
});
