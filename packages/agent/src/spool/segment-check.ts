/** Compares what the journal says of segments with what the disk has. */

import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { digestBody } from "./digest-body.ts";
import type { SegmentTable } from "./segment-table.ts";
import { type SegmentReader, spoolBody } from "./spool-body.ts";

/** After a restart: take as lost what is not there as it was, call `onKept` for the rest, and delete halves that a crash left. */
export async function compareWithDisk(
  table: SegmentTable,
  folder: string,
  onKept: (size: number) => void,
): Promise<void> {
  for (const [number, { state }] of [...table.entries]) {
    const { size } = table.part(number);
    if (state !== "durable" || size === 0) continue;
    const found = await stat(join(folder, segmentName(number))).catch(() => undefined);
    if (found?.size === size) onKept(size);
    else table.lost(number);
  }
  for (const name of await readdir(folder)) {
    if (table.get(Number.parseInt(name, 10))?.state !== "durable") await rm(join(folder, name));
  }
}

/** Read every segment on disk again, and give the numbers of those that are not what they were. */
export async function spoiltSegments(table: SegmentTable, spool: SegmentReader): Promise<readonly number[]> {
  const bad: number[] = [];
  for (const [number, { state, digest }] of [...table.entries]) {
    const { offset, size } = table.part(number);
    if (state !== "durable" || size === 0) continue;
    const found = await digestBody(spoolBody(spool, offset, offset + size)).catch(() => undefined);
    if (found?.crc64 !== digest.crc64) bad.push(number);
  }
  return bad;
}

/** Name the file of a segment. */
export function segmentName(number: number): string {
  return `${number}.part`;
}
