/** What all transfers of a tab share: bytes in flight, and the connections that the browser opens to each host. */

import { type Budget, bytesBudget, MiB } from "@naru/core";

const maxBytes = 256 * MiB;

/** Make a budget of 256 MiB and `connections` parts at once, first come first served. */
export function sharedBudget(connections: number): Budget {
  const bytes = bytesBudget(maxBytes);
  const slots = bytesBudget(Math.max(1, connections));
  return {
    take: async (size, options) => {
      const freeSlot = await slots.take(1, options);
      try {
        const freeBytes = await bytes.take(size, options);
        return () => {
          freeBytes();
          freeSlot();
        };
      } catch (error) {
        freeSlot();
        throw error;
      }
    },
  };
}
