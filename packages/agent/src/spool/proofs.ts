/** How a re-chosen file is told from another: size, time, and checksums of what was fed before. */

import { TransferError } from "@naru/core";
import type { SegmentTable } from "./segment-table.ts";
import type { FedFile, RangeProof } from "./spool.ts";

const most = 4;

/** Choose some of the segments that are known, the first and the last among them. */
export function sampleProofs(table: SegmentTable): readonly RangeProof[] {
  const known = [...table.entries].toSorted(([a], [b]) => a - b);
  const step = (known.length - 1) / (most - 1);
  const places = new Set(Array.from({ length: most }, (_, index) => Math.round(index * step)));
  return [...places].flatMap((place) => {
    const [number, segment] = known[place] ?? [];
    if (number === undefined || segment === undefined) return [];
    const { offset, size } = table.part(number);
    return [{ start: offset, end: offset + size, crc64: segment.digest.crc64 }];
  });
}

/** Refuse a file that is not the one that was fed. @throws {TransferError} `file-changed` */
export function matchFile(
  fed: FedFile,
  file: FedFile,
  { wanted, given }: { readonly wanted: readonly RangeProof[]; readonly given: readonly RangeProof[] },
): void {
  const differs = (how: string): TransferError =>
    new TransferError("file-changed", `Cannot resume "${fed.name}": ${how}`);
  if (file.size !== fed.size) throw differs("the chosen file has another size");
  if (file.modifiedMs !== fed.modifiedMs) throw differs("the chosen file was changed since");
  for (const { start, end, crc64 } of wanted) {
    const theirs = given.find((proof) => proof.start === start && proof.end === end);
    if (theirs?.crc64.toLowerCase() !== crc64) throw differs("the chosen file has other contents");
  }
}
