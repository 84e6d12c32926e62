import type { Gate } from "../accounts/gate.ts";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Database } from "../database/database.ts";
import type { Locks } from "../locks/locks.ts";
import { Deliveries } from "./deliveries.ts";
import { Downloads } from "./downloads.ts";
import { GuestGate } from "./guest-gate.ts";
import { Guests } from "./guests.ts";
import { ShareLog } from "./share-log.ts";
import { defaultSharePolicy, type SharePolicy } from "./share-policy.ts";
import { Shares } from "./shares.ts";

export interface SharingOptions {
  readonly db: Database;
  readonly catalogue: Catalogue;
  readonly gate: Gate;
  readonly locks: Locks;
  readonly policy?: Partial<SharePolicy> | undefined;
  readonly now: () => number;
}

/** All that links need. */
export interface Sharing {
  readonly policy: SharePolicy;
  readonly shares: Shares;
  readonly gate: GuestGate;
  readonly downloads: Downloads;
  readonly deliveries: Deliveries;
  readonly log: ShareLog;
  /** Forget what ended long ago, and end what is still being sent by links that have stopped. */
  reap(): Promise<void>;
}

/** Put together what links need, over one database. */
export function openSharing({ db, catalogue, gate, locks, policy: given, now }: SharingOptions): Sharing {
  const policy = { ...defaultSharePolicy, ...given };
  const shares = new Shares(db, { policy, now });
  const guests = new Guests(db, { files: catalogue.store, locks, now });
  const downloads = new Downloads(db, { locks, now });
  const deliveries = new Deliveries(db, { locks, now });
  return {
    policy,
    shares,
    gate: new GuestGate({ shares, guests, gate, policy, now }),
    downloads,
    deliveries,
    log: new ShareLog(db),
    reap: async () => {
      await downloads.reap();
      await deliveries.reap();
      await shares.reap();
    },
  };
}
