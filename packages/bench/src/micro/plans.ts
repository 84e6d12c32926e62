/** Cutting files into 10,000 parts, and laying out archives of 70,000 files, a hundred times each. */

import { choosePartSize, planParts, ZipLayout } from "@naru/core";
import { MiB } from "../benchmark.ts";
import { type Contest, contest } from "../contest.ts";
import type { Room } from "../room.ts";
import { working } from "./counted.ts";

const times = 100;
const limits = { minPartSize: 5 * MiB, maxPartSize: 5 * 1024 * MiB, maxParts: 10_000, maxSize: 2 ** 50 };
const size = limits.maxParts * 64 * MiB;
const files = 70_000;
const fewer = 10;

export async function plans({ options }: Room): Promise<readonly Contest[]> {
  const cut = working("a plan of 10,000 parts, 100 times", times * limits.maxParts, "parts/s", () => {
    for (let time = 0; time < times; time++) planParts(size, choosePartSize(size, limits), limits);
  });
  const entries = Array.from({ length: files }, (_, i) => ({
    name: `folder ${i % 100}/file ${i}.bin`,
    size: 200_000 + i,
    modified: 1_700_000_000_000,
    crc32: i,
  }));
  const lay = working("the layout of 70,000 files, 10 times", fewer * files, "files/s", () => {
    for (let time = 0; time < fewer; time++) new ZipLayout(entries);
  });
  const records = working("every byte of it but the data", files, "files/s", () => {
    const layout = new ZipLayout(entries);
    for (const piece of layout.pieces({ start: 0, end: layout.size }))
      if (piece.of !== "data") layout.bytesOf(piece, () => 0);
  });
  return [await contest("Part plan", [cut], options), await contest("ZIP", [lay, records], options)];
}
