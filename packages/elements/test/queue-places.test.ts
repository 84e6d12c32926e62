import type { TransferRow } from "@naru/client/browser";
import { expect, test } from "vitest";
import { orderAt, orderBefore, queued } from "../src/queue-places.ts";

const queue = queued(
  ["a", "b", "c"].map(
    (key, order): TransferRow => ({
      key,
      path: key,
      name: key,
      size: 1,
      state: "waiting",
      confirmed: 0,
      inFlight: 0,
      speed: 0,
      elsewhere: false,
      order,
    }),
  ),
);

test("a place in the queue is an order between those of the neighbours", () => {
  expect(orderAt(queue, "c", "earlier")).toBe(0.5);
  expect(orderAt(queue, "a", "later")).toBe(1.5);
  expect(orderAt(queue, "c", "first")).toBeLessThan(0);
  expect(orderAt(queue, "a", "last")).toBeGreaterThan(2);
});

test("there is no place before the first and behind the last", () => {
  expect(orderAt(queue, "a", "earlier")).toBeUndefined();
  expect(orderAt(queue, "c", "last")).toBeUndefined();
  expect(orderBefore(queue, "b", "b")).toBeUndefined();
});
