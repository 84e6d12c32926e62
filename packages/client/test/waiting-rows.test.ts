import { expect, test } from "vitest";
import { Row } from "../src/browser/row.ts";
import { WaitingRows } from "../src/browser/waiting-rows.ts";

function row(key: string, created: number): Row {
  const facts = { type: undefined, lastModified: undefined, uploadId: undefined, handle: undefined };
  return new Row({ ...facts, key, path: key, name: key, size: 1, created });
}

/** Take all that waits, in its order. */
function taken(queue: WaitingRows): string[] {
  const keys: string[] = [];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) keys.push(next.key);
  return keys;
}

function queueOf(...rows: readonly Row[]): WaitingRows {
  const queue = new WaitingRows();
  for (const one of rows) queue.push(one);
  return queue;
}

test("rows leave the queue in their order, also those that come late", () => {
  const queue = queueOf(row("b", 2), row("c", 3));
  expect(queue.peek()?.key).toBe("b");
  queue.push(row("a", 1));
  expect(taken(queue)).toEqual(["a", "b", "c"]);
  expect(queue.peek()).toBeUndefined();
});

test("a row that does not wait any more is passed over, and comes back once it is pushed again", () => {
  const [a, b] = [row("a", 1), row("b", 2)];
  const queue = queueOf(a, b);
  a.rest("paused");
  expect(queue.peek()).toBe(b);
  a.rest("waiting");
  queue.push(a);
  queue.push(b);
  expect(taken(queue)).toEqual(["a", "b"]);
});

test("a row that is given another order takes its new place", () => {
  const [a, b, c] = [row("a", 1), row("b", 2), row("c", 3)];
  const queue = queueOf(a, b, c);
  c.order = 0;
  queue.reorder();
  expect(taken(queue)).toEqual(["c", "a", "b"]);
});
