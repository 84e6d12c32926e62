/** Whether a file is the same at both sides. */

import type { NaruApi } from "@naru/client/node";
import type { LocalChecksums } from "../local-same.ts";
import type { DifferencesOptions } from "./differences.ts";
import { localPlace } from "./local-side.ts";
import type { SyncPlaces } from "./sync-places.ts";

/** What rounding of fractions costs. */
const leastMs = 2;
const secondMs = 1000;

export interface FileComparisonOptions {
  readonly api: NaruApi;
  readonly checksums: LocalChecksums;
  readonly places: SyncPlaces;
  readonly signal: AbortSignal;
  readonly byChecksum: boolean;
}

/** Make the comparison of a sync: by size and time, or by size and checksum where the server knows that. */
export function fileComparison(options: FileComparisonOptions): DifferencesOptions["differs"] {
  const { api, checksums, places, signal, byChecksum } = options;
  return async (source, target, { from, to }) => {
    if (source.size !== target.size) return true;
    if (byChecksum) {
      const [wire, path] = places.direction === "up" ? [target.wire, from] : [source.wire, to];
      const known = wire?.crc64 ?? (wire && (await api.stat(wire.path, { signal }))?.crc64);
      if (known !== undefined) {
        return (await checksums.crc64(localPlace(places.local, path), source.size, { signal })) !== known;
      }
    }
    return !isSameTime(source.modifiedMs, target.modifiedMs);
  };
}

/**
 * Tell whether two times are one. Many stores keep whole seconds, some file systems only even ones: a time that looks
 * rounded may stand for any that is less than its step away.
 */
export function isSameTime(one: number, other: number): boolean {
  return Math.abs(one - other) < Math.max(stepOf(one), stepOf(other));
}

function stepOf(time: number): number {
  if (time % (2 * secondMs) === 0) return 2 * secondMs;
  return time % secondMs === 0 ? secondMs : leastMs;
}
