/** What all transfers of a tab share: bytes in flight, and the connections that the browser opens to each host. */

import { type Abortable, type Budget, bytesBudget, MiB } from "@naru/core";

/** Bytes in flight of a tab. */
export const tabBytes: number = 256 * MiB;

/** Make a budget of 256 MiB and `connections` parts at once, first come first served. */
export function sharedBudget(connections: number): Budget {
  const places = bytesBudget(Math.max(1, connections));
  return placedBudget((options) => places.take(1, options), bytesBudget(tabBytes));
}

/** Make a budget in which each part takes a place first, and its bytes then. */
export function placedBudget(place: (options?: Abortable) => Promise<() => void>, bytes: Budget): Budget {
  return {
    take: async (size, options) => {
      const leave = await place(options);
      try {
        const freeBytes = await bytes.take(size, options);
        return () => {
          freeBytes();
          leave();
        };
      } catch (error) {
        leave();
        throw error;
      }
    },
  };
}
