import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Row } from "../src/browser/row.ts";
import { RowStore } from "../src/browser/row-store.ts";
import type { Tick } from "../src/browser/transfers.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function rowOf(key: string, size: number): Row {
  return new Row({
    key,
    path: key,
    name: key,
    size,
    type: undefined,
    created: 0,
    lastModified: undefined,
    uploadId: undefined,
    handle: undefined,
  });
}

function openBook(options: { readonly restMs?: number } = {}) {
  const ticks: { readonly at: number; readonly tick: Tick }[] = [];
  const began = performance.now();
  const rowStore = new RowStore({ ...options, onTick: (tick) => ticks.push({ at: performance.now() - began, tick }) });
  const row = rowOf("x.bin", 10);
  rowStore.add(row);
  return { rowStore, row, ticks };
}

test("the first change is told at once, the next ones four times a second", () => {
  const { rowStore, row, ticks } = openBook();
  for (let step = 0; step < 60; step++) {
    vi.advanceTimersByTime(10);
    rowStore.changed(row);
  }
  expect(ticks.map(({ at }) => Math.round(at / 10) * 10)).toEqual([0, 250, 500]);
});

test("after a rest a change is told later where that is wished, a file that has arrived at once all the same", () => {
  const { rowStore, row, ticks } = openBook({ restMs: 100 });
  for (let step = 0; step < 60; step++) {
    vi.advanceTimersByTime(10);
    rowStore.changed(row);
  }
  expect(ticks.map(({ at }) => Math.round(at / 10) * 10)).toEqual([100, 350, 600]);
  vi.advanceTimersByTime(1000);
  ticks.length = 0;
  row.rest("done");
  rowStore.changed(row);
  rowStore.arrived({ path: "x.bin", size: 10, etag: "1", modified: new Date(0) }, row);
  vi.advanceTimersByTime(1);
  expect(ticks.map(({ tick }) => tick.totals.done)).toEqual([1]);
});

test("a flush tells all rows before it returns, and nothing twice", () => {
  const { rowStore, ticks } = openBook({ restMs: 100 });
  for (let n = 0; n < 2500; n++) rowStore.add(rowOf(`${n}`, 10));
  rowStore.flush();
  expect(ticks.map(({ at, tick }) => [at, tick.rows.length])).toEqual([
    [0, 1000],
    [0, 1000],
    [0, 501],
  ]);
  vi.advanceTimersByTime(1000);
  expect(ticks.slice(3).flatMap(({ tick }) => tick.rows)).toEqual([]);
});

test("a file that has arrived is told at once", () => {
  const { rowStore, row, ticks } = openBook();
  vi.advanceTimersByTime(50);
  row.rest("done");
  rowStore.changed(row);
  rowStore.arrived({ path: "x.bin", size: 10, etag: "1", modified: new Date(0) }, row);
  vi.advanceTimersByTime(1);
  expect(ticks.map(({ tick }) => tick.totals.done)).toEqual([0, 1]);
});

/** Let the store report, and return its last tick. */
function tickOf({ rowStore, row, ticks }: ReturnType<typeof openBook>): Tick {
  rowStore.changed(row);
  vi.advanceTimersByTime(300);
  const last = ticks.at(-1);
  if (!last) throw new Error("Cannot look at a tick: there is none");
  return last.tick;
}

function be(row: Row, state: Row["state"], confirmed: number): void {
  row.rest(state);
  row.confirmed = confirmed;
}

test("files that were chosen together are one batch, though the first have arrived before the last are found", () => {
  const { rowStore, ticks } = openBook();
  const [first, last] = ["first", "last"].map((key) => {
    const row = rowOf(key, 10);
    return Object.assign(row, { drop: "one folder" });
  });
  if (!first || !last) throw new Error("no rows");
  const told = (row: Row): Tick => tickOf({ rowStore, row, ticks });
  for (const row of [...rowStore.own.values()]) rowStore.remove(row.key);
  rowStore.add(first);
  be(first, "uploading", 0);
  expect(told(first).totals).toMatchObject({ active: 1, done: 0 });
  be(first, "done", 10);
  expect(told(first).totals).toMatchObject({ active: 0, done: 1 });
  rowStore.add(last);
  be(last, "uploading", 0);
  expect(told(last).totals).toMatchObject({ active: 1, done: 1, size: 20, confirmed: 10 });
  be(last, "done", 10);
  expect(told(last).totals).toMatchObject({ active: 0, done: 2, size: 20, confirmed: 20 });
});

test("what had ended before a new batch began is no progress of it", () => {
  const opened = openBook();
  be(opened.row, "uploading", 5);
  tickOf(opened);
  be(opened.row, "done", 10);
  expect(tickOf(opened).totals).toMatchObject({ done: 1, size: 10, confirmed: 10 });
  const next = rowOf("next.bin", 1000);
  opened.rowStore.add(next);
  expect(tickOf(opened).totals).toMatchObject({ waiting: 1, done: 0, size: 1000, confirmed: 0 });
  be(next, "done", 1000);
  expect(tickOf(opened).totals).toMatchObject({ done: 1, size: 1000, confirmed: 1000 });
});

test("a file that joins while another is on its way is of the same batch, also when that one ends first", () => {
  const opened = openBook();
  be(opened.row, "uploading", 5);
  tickOf(opened);
  opened.rowStore.add(rowOf("next.bin", 1000));
  tickOf(opened);
  be(opened.row, "done", 10);
  expect(tickOf(opened).totals).toMatchObject({ done: 1, size: 1010, confirmed: 10 });
});

test("an unfinished upload that waits for its file is no progress of what is sent, and counts once nothing is", () => {
  const opened = openBook();
  const old = rowOf("old.bin", 1000);
  be(old, "needs-file", 950);
  opened.rowStore.add(old);
  expect(tickOf(opened).totals).toMatchObject({ needsFile: 1, size: 10, confirmed: 0 });
  be(opened.row, "done", 10);
  expect(tickOf(opened).totals).toMatchObject({ needsFile: 1, size: 1010, confirmed: 960 });
});

test("files that had arrived before a reload are of the batch that goes on after it; those of another tab are not", () => {
  const opened = openBook();
  be(opened.row, "needs-file", 0);
  const arrived = rowOf("arrived.bin", 1000);
  be(arrived, "done", 1000);
  opened.rowStore.add(arrived);
  const other = rowOf("other.bin", 5000);
  be(other, "done", 5000);
  opened.rowStore.mirror("another tab", [other.view()], []);
  expect(tickOf(opened).totals).toMatchObject({ needsFile: 1, done: 1, size: 1010, confirmed: 1000 });
  be(opened.row, "uploading", 5);
  expect(tickOf(opened).totals).toMatchObject({ active: 1, done: 1, size: 1010, confirmed: 1005 });
});

test("after a cancel nothing is counted", () => {
  const opened = openBook();
  tickOf(opened);
  be(opened.row, "cancelled", 5);
  expect(tickOf(opened).totals).toMatchObject({ active: 0, waiting: 0, done: 0, size: 0, confirmed: 0 });
});

test("what is paused or offline has no speed, nothing on its way, and none of it comes back with it", () => {
  const opened = openBook();
  for (const state of ["paused", "offline"] as const) {
    be(opened.row, "uploading", 1);
    tickOf(opened);
    opened.rowStore.sent(10_000_000);
    opened.row.inFlight = 5;
    expect(tickOf(opened).totals.speed).toBeGreaterThan(1_000_000);
    // The engine tells of a row that stops with what was on its way still counted.
    opened.row.state = state;
    expect(tickOf(opened).totals).toMatchObject({ speed: 0, inFlight: 0, secondsLeft: undefined });
    vi.advanceTimersByTime(60_000);
    be(opened.row, "uploading", 1);
    expect(tickOf(opened).totals.speed).toBe(0);
  }
});

test("the speed is true from the first second", () => {
  const opened = openBook();
  vi.advanceTimersByTime(60_000);
  be(opened.row, "uploading", 0);
  tickOf(opened);
  for (let step = 0; step < 10; step++) {
    opened.rowStore.sent(1_000_000);
    vi.advanceTimersByTime(100);
  }
  const { speed } = tickOf(opened).totals;
  expect(speed).toBeGreaterThan(5_000_000);
  expect(speed).toBeLessThan(10_500_000);
});

test("a row says under which name its file arrived, if that is another", () => {
  const opened = openBook();
  const stored = { path: "x (2).bin", size: 10, etag: "1", modified: new Date(0) };
  opened.rowStore.arrived(stored, opened.row);
  expect(tickOf(opened).rows).toMatchObject([{ path: "x.bin", storedPath: "x (2).bin" }]);
  opened.rowStore.arrived({ ...stored, path: "x.bin" }, opened.row);
  expect(tickOf(opened).rows[0]?.storedPath).toBeUndefined();
});
