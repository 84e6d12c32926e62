/**
 * The budget of bytes in flight: what bounds the memory of a process.
 *
 * @module
 */

import type { Budget } from "./engine.ts";
import { waitQueue } from "./wait-queue.ts";

/** Make a budget of `bytes` in flight; who waits is served in order. */
export function bytesBudget(bytes: number): Budget {
  let used = 0;
  return waitQueue<number>({
    fits: (more) => used === 0 || used + more <= bytes,
    count: (some, by) => {
      used += by * some;
    },
    mayPass: false,
  });
}
