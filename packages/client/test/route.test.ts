import { expect, test } from "vitest";
import { routeFor } from "../src/browser/route.ts";

const limits = { minPartSize: 1, maxPartSize: 1, maxParts: 1, maxSize: 1, equalParts: false, maxInFlight: 64 };
const store = { direct: true, probes: ["https://a.example/x", "https://b.example/x"], limits, batchMaxSize: 1 };

test("through the server two of the browser's six connections stay free; straight to the store each host has its six", () => {
  expect(routeFor(store, false).connections).toBe(4);
  expect(routeFor(store, true).connections).toBe(12);
});
