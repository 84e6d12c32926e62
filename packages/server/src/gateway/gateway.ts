import { setTimeout as wait } from "node:timers/promises";
import { type Abortable, type Files, MiB, type Store } from "@naru/core";
import type { Catalogue } from "../catalogue/catalogue.ts";
import type { Rights } from "../catalogue/rights.ts";
import type { Locks } from "../locks/locks.ts";
import type { Log } from "../log.ts";
import type { UploadLedger } from "../uploads/upload-ledger.ts";
import type { Uploads } from "../uploads/uploads.ts";
import type { GatewayContext } from "./gateway-context.ts";
import type { GatewaySession } from "./gateway-session.ts";
import { HashThread } from "./hash-thread.ts";
import { LiveArrivals } from "./live-arrivals.ts";
import { BlockPool } from "./memory.ts";
import { publishAs } from "./moving.ts";
import { RecentPaths } from "./recent-paths.ts";
import { RightsSession } from "./rights-session.ts";
import { StoreSession } from "./session.ts";
import { StoreRefusals } from "./store-refusals.ts";

export interface GatewayOptions {
  readonly store: Store & Files;
  readonly catalogue: Catalogue;
  readonly ledger: UploadLedger;
  readonly locks: Locks;
  /** What is sent by numbered parts is an upload like those over HTTP. */
  readonly uploads?: Uploads | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** How long an upload lives without activity. */
  readonly ttlMs: number;
  readonly log: Log;
  /** What the bytes of all arrivals together may take. */
  readonly memoryBytes?: number | undefined;
  /** A thread that others use too: whoever made it closes it. Default: one of its own. */
  readonly hashes?: HashThread | undefined;
  /** The clock of waits. Default: the computer's. */
  readonly sleep?: GatewayContext["sleep"] | undefined;
}

export interface OpenOptions {
  /** The name of the door. */
  readonly door?: string | undefined;
  /** What the client may do; without them everything. */
  readonly rights?: Rights | undefined;
}

/** What the SFTP and FTP doors stand on. */
export interface Gateway {
  /** Begin the session of a client that has signed in. */
  open(account: string, options?: OpenOptions): GatewaySession;
  /** Bytes of memory that arrivals hold now. */
  readonly memoryHeld: number;
  /** Publish closed files whose final name never came, under the name that they have. */
  reap(): Promise<void>;
  /** Keep what came of every file, and take no more. */
  close(): Promise<void>;
}

/** How long a closed `x.filepart` waits to be renamed. */
const renameWithinMs = 10 * 60_000;

/** Put the gateway together over a store and the ledger. */
export function createGateway(options: GatewayOptions): Gateway {
  const { memoryBytes = 100 * MiB, catalogue, ledger, log, now, sleep = sleepUnheld } = options;
  const ownHashes = new HashThread();
  const context: GatewayContext = {
    ...options,
    pool: new BlockPool(memoryBytes),
    hashes: options.hashes ?? ownHashes,
    refusals: new StoreRefusals(options.store, now),
    recent: new RecentPaths(now),
    confirmed: new Set(),
    sleep,
  };
  const live = new LiveArrivals(context);
  const stopListening = catalogue.events.on((event) => {
    context.recent.heard(event);
    const { by, entry, kind, path, upload } = event;
    if (upload !== undefined && kind !== "begun") context.confirmed.delete(upload);
    const warn = (err: unknown): void => log.warn({ path, err }, "cannot end an arrival");
    if (upload !== undefined && kind === "failed") live.forget(upload).catch(warn);
    const isFile = entry === "file" && (kind === "arrived" || kind === "moved");
    if (isFile) live.giveWay({ owner: by.account, name: path }).catch(warn);
  });
  return {
    open: (account, { door = "sftp", rights } = {}) => {
      const session = new StoreSession({ context, live, account, door, rights });
      return rights === undefined || rights.areAll ? session : new RightsSession(session, rights);
    },
    get memoryHeld() {
      return context.pool.held;
    },
    reap: async () => {
      for (const record of await ledger.arrivals.listFinished(now() - renameWithinMs)) {
        const publishing = live.alone({ owner: record.owner, name: record.name }, () =>
          publishAs(context, record, record.name, { conflict: "overwrite" }),
        );
        await publishing.catch((error: unknown) => {
          log.warn({ upload: record.id, err: error }, "cannot publish a file whose final name never came");
        });
      }
    },
    close: async () => {
      await live.suspendAll();
      stopListening();
      await ownHashes.close();
    },
  };
}

/** Wait; alone it keeps no process alive. */
async function sleepUnheld(ms: number, { signal }: Abortable): Promise<void> {
  await wait(ms, undefined, { ...(signal && { signal }), ref: false });
}
