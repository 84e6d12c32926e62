import { expect, test } from "vitest";
import { HashAhead } from "../src/hash-ahead.ts";
import { planOf } from "../src/plan.ts";

const never = new AbortController().signal;

test("a part that cannot be read ahead is not read again before it is asked for", async () => {
  let reads = 0;
  const digest = async (): Promise<never> => {
    reads += 1;
    throw new Error("the file is gone");
  };
  const source = new Blob([new Uint8Array(40)]);
  const hashes = new HashAhead({ size: source.size, slice: (start, end) => source.slice(start, end) }, digest);
  const parts = planOf(source.size, 10);
  const [first] = parts;
  if (first === undefined) throw new Error("there is no part");
  hashes.ahead(parts, { signal: never });
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toBe(parts.length);
  hashes.ahead(parts, { signal: never });
  await new Promise((resolve) => setImmediate(resolve));
  expect(reads).toBe(parts.length);
  await expect(hashes.of(first, { signal: never })).rejects.toThrow("gone");
  expect(reads).toBe(parts.length + 1);
});
