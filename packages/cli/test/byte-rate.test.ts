import { expect, test } from "vitest";
import { byteRate } from "../src/byte-rate.ts";
import { batchBytes, sharing } from "../src/speed-limit.ts";

test("a speed is read as people write it", () => {
  const written = [
    "20M",
    "20m",
    "20MiB/s",
    "1.5K",
    "500 kB/s",
    "2GB",
    "100Mbit/s",
    "100Mbps",
    "8Mb",
    "8MB",
    "4096",
    "4096B",
  ];
  expect(written.map(byteRate)).toEqual([
    20_971_520, 20_971_520, 20_971_520, 1536, 500_000, 2e9, 12_500_000, 12_500_000, 1e6, 8e6, 4096, 4096,
  ]);
});

test("what is no speed is refused, and so is one at which no connection lasts", () => {
  for (const text of ["", "fast", "-1M", "20 parsecs", "20M/min", "100", "1e9", "M"])
    expect(byteRate(text)).toBeUndefined();
});

test("the slower the limit, the fewer transfers share it, and the less is in one request", () => {
  expect([sharing(undefined, 32), sharing(1024 * 1024, 32), sharing(2048, 32)]).toEqual([32, 8, 1]);
  expect([batchBytes(undefined), batchBytes(1024), batchBytes(200_000)]).toEqual([8_388_608, 65_536, 1_000_000]);
});
