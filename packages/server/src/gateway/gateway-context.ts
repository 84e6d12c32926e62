import type { Abortable, Files, Store } from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Locks } from "../locks/locks.ts";
import type { Log } from "../log.ts";
import { callPatiently } from "../patience.ts";
import type { UploadLedger } from "../uploads/upload-ledger.ts";
import type { Uploads } from "../uploads/uploads.ts";
import type { HashThread } from "./hash-thread.ts";
import type { BlockPool } from "./memory.ts";
import type { RecentPaths } from "./recent-paths.ts";
import type { StoreRefusals } from "./store-refusals.ts";

/** What every part of the gateway works with. */
export interface GatewayContext {
  /** For bytes that are no file yet. */
  readonly store: Store & Files;
  readonly catalogue: Catalogue;
  readonly ledger: UploadLedger;
  readonly locks: Locks;
  readonly uploads?: Uploads | undefined;
  readonly pool: BlockPool;
  readonly hashes: HashThread;
  readonly refusals: StoreRefusals;
  readonly recent: RecentPaths;
  readonly now: () => number;
  readonly ttlMs: number;
  readonly log: Log;
  /** Ids of uploads whose `durable` the store confirmed. */
  readonly confirmed: Set<string>;
  readonly sleep: (ms: number, options: Abortable) => Promise<void>;
}

/** How long the store may be away before an arrival gives up; what came until then is kept. */
export const patienceMs: number = 120_000;

export interface PatientOptions {
  readonly signal: AbortSignal;
  /** Asked before every wait, so that who leaves can shorten it. */
  readonly patience?: (() => number) | undefined;
}

/** Call again while the failure says that it may help and patience lasts; what waiting cannot mend is thrown at once. */
export function patiently<T>(
  context: GatewayContext,
  call: (options: Abortable) => Promise<T>,
  { signal, patience = () => patienceMs }: PatientOptions,
): Promise<T> {
  return callPatiently(call, {
    signal,
    sleep: context.sleep,
    onWait: (error, waitedMs) => {
      if (waitedMs > patience()) throw error;
    },
  });
}
