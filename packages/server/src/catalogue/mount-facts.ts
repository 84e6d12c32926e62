/** What stores tell beyond the contract, of all mounts that do. */

import type { Store, UnfinishedOptions, UnfinishedUpload } from "@naru/core";
import type { ClockedStore, DirectStore } from "../served-store.ts";
import { idOf, type MountTable, outwardPath } from "./mount-table.ts";

/** What at least one of them can tell. */
export function factsOf(
  table: MountTable,
): Partial<DirectStore & ClockedStore & Pick<Store, "ownUploads" | "unfinished">> {
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
  const ownUploads: Store["ownUploads"] = (owner) => {
    for (const store of stores) store.ownUploads?.(owner);
  };
  return {
    ...(stores.some((store) => store.probes !== undefined) && { probes }),
    ...(stores.some((store) => store.checkCors !== undefined) && { checkCors }),
    ...(stores.some((store) => store.clockSkewMs !== undefined) && { clockSkewMs }),
    ...(stores.some((store) => store.onClockSkew !== undefined) && { onClockSkew }),
    ...(stores.some((store) => store.ownUploads !== undefined) && { ownUploads }),
    ...(stores.some((store) => store.unfinished !== undefined) && {
      unfinished: (options) => unfinishedOf(table, options),
    }),
  };
}

async function* unfinishedOf(table: MountTable, options?: UnfinishedOptions): AsyncGenerator<UnfinishedUpload> {
  const failures: unknown[] = [];
  for (const mount of table.all) {
    try {
      for await (const upload of mount.store.unfinished?.(options) ?? []) {
        const { id, path } = upload;
        // The ledger knows uploads by the ids of the whole.
        yield { ...upload, id: idOf(mount, id), path: path && outwardPath(mount, path) };
      }
    } catch (error) {
      options?.signal?.throwIfAborted();
      // One that is away does not keep the others from being looked through.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
}
