import type { Tick, Totals, TransferRow } from "@naru/client/browser";
import { expect, test } from "vitest";
import { announcementBetween } from "../src/announcements.ts";
import { unitOf } from "../src/queue-places.ts";
import { TransferList } from "../src/transfer-list.ts";
import { VirtualWindow } from "../src/virtual-window.ts";

const still: Totals = {
  active: 0,
  waiting: 0,
  done: 0,
  failed: 0,
  needsFile: 0,
  size: 0,
  confirmed: 0,
  inFlight: 0,
  speed: 0,
  elsewhere: 0,
  mayClose: true,
};

function row(key: string, state: TransferRow["state"], expires?: Date): TransferRow {
  return { key, path: key, name: key, size: 1, state, confirmed: 0, inFlight: 0, speed: 0, elsewhere: false, expires };
}

function tick(rows: readonly TransferRow[], removed: readonly string[] = []): Tick {
  return { rows, removed, totals: still, arrived: [] };
}

const keys = (list: TransferList, filter: Parameters<TransferList["visible"]>[0]): string[] =>
  list.visible(filter).map(unitOf);

test("what moves or needs somebody comes first, what has ended last", () => {
  const list = new TransferList();
  list.apply(tick([row("a", "done"), row("b", "waiting"), row("c", "failed"), row("d", "uploading")]));
  expect(keys(list, "all")).toEqual(["c", "d", "b", "a"]);
});

test("filters follow the rows", () => {
  const list = new TransferList();
  list.apply(tick([row("a", "uploading"), row("b", "needs-file")]));
  expect(list.counts()).toEqual({ all: 2, active: 1, failed: 1, done: 0 });
  list.apply(tick([row("a", "done")], ["b"]));
  expect(list.counts()).toEqual({ all: 1, active: 0, failed: 0, done: 1 });
  expect(keys(list, "active")).toEqual([]);
  expect(keys(list, "done")).toEqual(["a"]);
});

test("nothing moves while all that is open is paused, or waits for the connection", () => {
  const list = new TransferList();
  expect(list.motion()).toBe("still");
  list.apply(tick([row("a", "uploading"), row("b", "offline"), row("c", "paused"), row("d", "waiting")]));
  expect(list.motion()).toBe("moving");
  list.apply(tick([row("a", "offline")]));
  expect(list.motion()).toBe("offline");
  list.apply(tick([row("a", "done")], ["b"]));
  expect(list.motion()).toBe("moving");
  list.apply(tick([row("d", "paused")]));
  expect(list.motion()).toBe("still");
});

test("only a change of places asks to be measured again", () => {
  const list = new TransferList();
  list.apply(tick([row("a", "uploading")]));
  const before = list.version;
  list.apply(tick([{ ...row("a", "uploading"), confirmed: 1 }]));
  expect(list.version).toBe(before);
});

test("the first upload to be forgotten is the date to tell; what has arrived is kept for good", () => {
  const list = new TransferList();
  const [soon, sooner, soonest] = [new Date(3e12), new Date(2e12), new Date(1e12)];
  list.apply(tick([row("a", "paused", soon), row("b", "waiting", sooner), row("c", "done", soonest)]));
  expect(list.earliestExpiry()).toEqual(sooner);
});

test("of 5,000 rows only those on the screen are placed", () => {
  const window = new VirtualWindow();
  window.measure(5000, (index) => (index === 0 ? 108 : 76));
  expect(window.height).toBe(108 + 4999 * 76);
  const placed = window.visible(108 + 76 * 999, 600);
  expect(placed.length).toBeLessThan(30);
  expect(placed.find(({ index }) => index === 1000)?.top).toBe(108 + 76 * 999);
  expect(window.visible(window.height, 600).at(-1)?.index).toBe(4999);
});

test("an empty list places nothing", () => {
  const window = new VirtualWindow();
  window.measure(0, () => 76);
  expect(window.visible(0, 600)).toEqual([]);
});

test("progress is said aloud in steps of 25 %, and the end once", () => {
  const at = (confirmed: number): Totals => ({ ...still, active: 2, size: 100, confirmed });
  expect(announcementBetween(still, at(0))).toEqual({ kind: "started", count: 2 });
  expect(announcementBetween(at(3), at(24))).toBeUndefined();
  expect(announcementBetween(at(24), at(25))).toEqual({ kind: "progress", percent: 25 });
  expect(announcementBetween(at(25), at(76))).toEqual({ kind: "progress", percent: 75 });
  const end = { ...still, done: 2, size: 100, confirmed: 100 };
  expect(announcementBetween(at(99), end)).toEqual({ kind: "arrived", count: 2 });
  expect(announcementBetween(end, end)).toBeUndefined();
});

test("a failure is said before anything else", () => {
  const before = { ...still, active: 2, size: 100, confirmed: 20 };
  const after = { ...before, active: 1, failed: 1, confirmed: 60 };
  expect(announcementBetween(before, after)).toEqual({ kind: "failed", count: 1 });
  expect(announcementBetween(still, { ...still, needsFile: 2 })).toEqual({ kind: "waits", count: 2 });
});
