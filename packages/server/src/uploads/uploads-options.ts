import type { Files, Store } from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Locks } from "../locks/locks.ts";
import type { Log } from "../log.ts";
import type { UploadLedger } from "./upload-ledger.ts";

/** What `Uploads` stands on. */
export interface UploadsOptions {
  readonly store: Store & Files;
  readonly ledger: UploadLedger;
  readonly catalogue: Catalogue;
  readonly locks: Locks;
  readonly now: () => number;
  readonly ttlMs: number;
  readonly log: Log;
}
