import { UsageError } from "../exit-code.ts";
import { explain } from "../explain.ts";
import { type OpenedStore, openStore } from "../open-store.ts";
import type { OpenOptions } from "../stores/store-scheme.ts";
import { environmentOf, type MountPlan } from "./mounts.ts";

/** A store at its folder. */
export interface OpenedMount extends Pick<MountPlan, "binDays" | "name" | "prefix"> {
  readonly store: OpenedStore;
}

/** Open the stores. One that is away does not keep the others from being served: it is waited for no longer than for seconds. */
export async function openMounts(
  plans: readonly MountPlan[],
  env: NodeJS.ProcessEnv,
  options: Pick<OpenOptions, "note" | "recognised"> = {},
): Promise<readonly OpenedMount[]> {
  // In turn, so that what is wrong is reported in the order of the file.
  const opened: OpenedMount[] = [];
  for (const { binDays, name, prefix, ...plan } of plans) {
    const store = await openStore(plan.url, { ...options, env: environmentOf({ ...plan, name }, env) });
    opened.push({ binDays, name, prefix, store });
  }
  return opened;
}

/** Let pages of an origin write to each bucket. @throws {UsageError} where there is none, or one of them refused */
export async function setCors(mounts: readonly OpenedMount[], origin: string): Promise<void> {
  const buckets = mounts.filter(({ store }) => store.setCors !== undefined);
  if (buckets.length === 0) throw new UsageError("Cannot set CORS: only a store in a bucket or container needs it");
  if (URL.parse(origin)?.origin !== origin) {
    throw new UsageError(`Cannot set CORS for "${origin}": it is not of the form https://host[:port]`);
  }
  const failures: unknown[] = [];
  for (const { name, store } of buckets) {
    const bucket = mounts.length === 1 ? "the bucket" : `the bucket at "${name}"`;
    try {
      await store.setCors?.([origin]);
      console.error(`naru: Pages of ${origin} may now write to ${bucket} directly`);
    } catch (error) {
      failures.push(error);
      if (buckets.length > 1) console.error(`naru: ${bucket}: ${explain(error)}`);
    }
  }
  await Promise.all(mounts.map(({ store }) => store.close?.()));
  if (failures.length > 0) throw failures[0];
}
