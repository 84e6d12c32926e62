import { TransferError } from "@naru/core";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { LateWrites } from "../../src/transfers/late-writes.ts";

const full = new TransferError("no-space", "Cannot write", { cause: Object.assign(new Error(), { code: "ENOSPC" }) });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("what a full disk refuses is written once it has room, and then never again", () => {
  const late = new LateWrites();
  let isFull = true;
  const write = vi.fn(() => {
    if (isFull) throw full;
  });
  late.write("a", write);
  vi.advanceTimersByTime(5000);
  isFull = false;
  vi.advanceTimersByTime(1000);
  const tries = write.mock.calls.length;
  expect(tries).toBeGreaterThan(2);
  vi.advanceTimersByTime(60_000);
  expect(write).toHaveBeenCalledTimes(tries);
  expect(vi.getTimerCount()).toBe(0);
});

test("of two writes for one transfer the later counts", () => {
  const late = new LateWrites();
  let isFull = true;
  const written: string[] = [];
  const write = (what: string) => () => {
    if (isFull) throw full;
    written.push(what);
  };
  late.write("a", write("cancelled"));
  late.write("a", write("removed"));
  isFull = false;
  late.close();
  expect(written).toEqual(["removed"]);
});

test("what fails for another reason is told at once and not tried again", () => {
  const late = new LateWrites();
  expect(() =>
    late.write("a", () => {
      throw new Error("broken");
    }),
  ).toThrow("broken");
  expect(vi.getTimerCount()).toBe(0);
});
