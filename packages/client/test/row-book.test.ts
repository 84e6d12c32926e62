import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Row } from "../src/browser/row.ts";
import { RowBook } from "../src/browser/row-book.ts";
import type { Tick } from "../src/browser/transfers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function openBook() {
  const ticks: { readonly at: number; readonly tick: Tick }[] = [];
  const began = performance.now();
  const book = new RowBook({ onTick: (tick) => ticks.push({ at: performance.now() - began, tick }) });
  const row = new Row({ key: "1", path: "x.bin", name: "x.bin", size: 10, type: undefined, created: 0 });
  book.add(row);
  return { book, row, ticks };
}

test("the first change is told at once, the next ones four times a second", () => {
  const { book, row, ticks } = openBook();
  for (let step = 0; step < 60; step++) {
    vi.advanceTimersByTime(10);
    book.changed(row);
  }
  expect(ticks.map(({ at }) => Math.round(at / 10) * 10)).toEqual([0, 250, 500]);
});

test("a file that has arrived is told at once", () => {
  const { book, row, ticks } = openBook();
  vi.advanceTimersByTime(50);
  row.rest("done");
  book.changed(row);
  book.arrived({ path: "x.bin", size: 10, etag: "1", modified: new Date(0) });
  vi.advanceTimersByTime(1);
  expect(ticks.map(({ tick }) => tick.totals.done)).toEqual([0, 1]);
});
