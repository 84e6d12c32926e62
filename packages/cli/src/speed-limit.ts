/** What a limited speed means for the transfers that share it. */

import { KiB, MiB } from "@naru/core";

/** In bytes per second; `undefined` is no limit. */
export type SpeedLimit = number | undefined;

/** Below this speed a transfer of its own is not worth it, and may be taken for a dead one. */
const leastSpeed = 128 * KiB;
const leastBatch = 64 * KiB;
const mostBatch = 8 * MiB;
const batchSeconds = 5;

/** How many of `wished` transfers share a limit well. */
export function sharing(limit: SpeedLimit, wished: number): number {
  return limit === undefined ? wished : Math.max(1, Math.min(wished, Math.floor(limit / leastSpeed)));
}

/** How many bytes of small files go in one request, which has to end in time. */
export function batchBytes(limit: SpeedLimit): number {
  return limit === undefined ? mostBatch : Math.max(leastBatch, Math.min(mostBatch, limit * batchSeconds));
}
