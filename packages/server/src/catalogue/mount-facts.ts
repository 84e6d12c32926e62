/** What stores tell beyond the contract, of all mounts that do. */

import type { ClockedStore, DirectStore, LeftoverStore } from "../served-store.ts";
import { idOf, type MountTable } from "./mount-table.ts";

/** What at least one of them can tell. */
export function factsOf(table: MountTable): Partial<DirectStore & ClockedStore & LeftoverStore> {
  const stores = table.all.map(({ store }) => store);
  const probes = async (): Promise<readonly string[]> => {
    return (await Promise.all(stores.map((store) => store.probes?.() ?? []))).flat();
  };
  const checkCors: DirectStore["checkCors"] = async (origin) => {
    return (await Promise.all(stores.map((store) => store.checkCors?.(origin) ?? []))).flat();
  };
  /** Of the clock that is furthest from ours. */
  const clockSkewMs = (): number => {
    const skews = stores.map((store) => store.clockSkewMs?.() ?? 0);
    return skews.reduce((most, skew) => (Math.abs(skew) > Math.abs(most) ? skew : most), 0);
  };
  const onClockSkew: ClockedStore["onClockSkew"] = (listener) => {
    for (const store of stores) store.onClockSkew?.(listener);
  };
  return {
    ...(stores.some((store) => store.probes !== undefined) && { probes }),
    ...(stores.some((store) => store.checkCors !== undefined) && { checkCors }),
    ...(stores.some((store) => store.clockSkewMs !== undefined) && { clockSkewMs }),
    ...(stores.some((store) => store.onClockSkew !== undefined) && { onClockSkew }),
    ...(stores.some((store) => store.leftovers !== undefined) && { leftovers: (before) => leftoversOf(table, before) }),
  };
}

async function* leftoversOf(table: MountTable, before: Date): ReturnType<LeftoverStore["leftovers"]> {
  for (const mount of table.all) {
    for await (const leftover of mount.store.leftovers?.(before) ?? []) {
      // The ledger knows uploads by the ids of the whole.
      yield { id: idOf(mount, leftover.id), remove: () => leftover.remove() };
    }
  }
}
