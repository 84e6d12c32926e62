/**
 * Holding bytes to a speed.
 *
 * @module
 */

import type { Clock } from "../engine.ts";
import type { Abortable } from "../store.ts";

/** A speed that may change while it is kept; `undefined` is no limit. */
export interface PaceOptions {
  readonly clock: Clock;
  readonly bytesPerSecond: () => number | undefined;
}

/** Make what is called before bytes pass: it resolves when it is their turn, so that all who call it keep to one speed together. */
export function pace({ clock, bytesPerSecond }: PaceOptions): (bytes: number, options?: Abortable) => Promise<void> {
  let free = clock.now();
  return async (bytes, options) => {
    const speed = bytesPerSecond();
    if (speed === undefined) return;
    const now = clock.now();
    free = Math.max(free, now) + (bytes * 1000) / speed;
    if (free > now) await clock.sleep(free - now, options);
  };
}
