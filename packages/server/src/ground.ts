import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { Accounts } from "./accounts/accounts.ts";
import { removeOldAttempts } from "./accounts/attempts.ts";
import { type Bans, memoryBans } from "./accounts/bans.ts";
import { Gate } from "./accounts/gate.ts";
import { generatePassword } from "./accounts/password.ts";
import { PublicKeys } from "./accounts/public-keys.ts";
import { Secrets } from "./accounts/secrets.ts";
import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Mount } from "./catalogue/mount-table.ts";
import { mountStores } from "./catalogue/mounts.ts";
import { type Database, openDatabase } from "./database/database.ts";
import { StoreExaminations } from "./doctor/store-examinations.ts";
import { Doors } from "./doors.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { GatewaySignIn } from "./gateway/gateway-sign-in.ts";
import { installationOf } from "./installation.ts";
import type { Locks } from "./locks/locks.ts";
import { memoryLocks } from "./locks/memory-locks.ts";
import { type Logger, makeLog } from "./logger.ts";
import { type ServedStore, warnOfSkew } from "./served-store.ts";
import { warnOfShortLives } from "./short-lives.ts";
import { openCatalogue } from "./uploads/open-catalogue.ts";
import { Reaper } from "./uploads/reaper.ts";
import type { UploadLedger } from "./uploads/upload-ledger.ts";
import { Uploads } from "./uploads/uploads.ts";
import { WholeFiles } from "./uploads/whole-files.ts";

/** What a server stands on, whichever doors it has. */
export interface GroundOptions {
  readonly store: ServedStore;
  /** For how many days the bin of `store` keeps what is put there; 30 by default, 0 for no bin. */
  readonly binDays?: number | undefined;
  /** Other stores, each for what lies under a folder; `store` holds everything else. */
  readonly mounts?: readonly Mount[] | undefined;
  /** The folder of the database `naru.db`; `":memory:"` keeps it in memory. */
  readonly dataDir: string;
  readonly logger?: Logger | undefined;
  /** The password of `admin` if this is the first start. */
  readonly adminPassword?: string | undefined;
  /** How long an upload lives without activity. */
  readonly uploadTtlMs?: number | undefined;
  /** How often expired uploads are looked for. */
  readonly reapEveryMs?: number | undefined;
  /** What the bytes of all files on their way in through the gateway may take of memory. */
  readonly memoryBytes?: number | undefined;
  /** The name by which agents reach the doors, when it is not that of the page. */
  readonly publicHost?: string | undefined;
  /** What keeps several processes over one database from changing the same thing at once; in memory for one. */
  readonly locks?: Locks | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly clock?: (() => number) | undefined;
}

/** What every door stands on: built once, listening to nothing. */
export interface Ground {
  readonly store: ServedStore;
  readonly db: Database;
  readonly locks: Locks;
  readonly ledger: UploadLedger;
  readonly catalogue: Catalogue;
  readonly uploads: Uploads;
  readonly whole: WholeFiles;
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly gate: Gate;
  /** Who is banned at one door is banned at all. */
  readonly bans: Bans;
  /** What doors of bytes without a plan share. */
  readonly gateway: Gateway;
  /** How clients of those doors sign in. */
  readonly signIn: GatewaySignIn;
  /** The doors over this ground, reaped and closed with it. */
  readonly doors: Doors;
  /** What administrators and the health check hear of the stores. */
  readonly examinations: StoreExaminations;
  readonly publicHost: string | undefined;
  readonly firstStart: FirstStart | undefined;
  readonly now: () => number;
  readonly log: Logger;
  /** End what has expired, now. */
  reap(): Promise<void>;
  /** Close the doors, then everything that they stood on. */
  close(): Promise<void>;
}

/** What a person needs after the first start. */
export interface FirstStart {
  /** The password of `admin`, if it was made up. */
  readonly password?: string | undefined;
  /** The path of a link that signs `admin` in once, within an hour. */
  readonly link: string;
}

const day = 24 * 60 * 60 * 1000;

/** Build what a server stands on over a store, and take up what an earlier process left. */
export async function openGround(options: GroundOptions): Promise<Ground> {
  const {
    mounts = [],
    clock: now = Date.now,
    logger: log = makeLog(),
    uploadTtlMs: ttlMs = 7 * day,
    memoryBytes,
    locks = memoryLocks(),
  } = options;
  const all: readonly Mount[] = [{ prefix: "", store: options.store, binDays: options.binDays }, ...mounts];
  const store = mountStores(all);
  const bins = all.map(({ prefix, binDays: days = 30 }) => ({ prefix, days }));
  warnOfSkew(store, log);
  warnOfShortLives(all, ttlMs / day, log);
  const db = openLedger(options.dataDir);
  store.ownUploads?.({ installation: await installationOf(options.dataDir), lifeMs: ttlMs });
  const { catalogue, ledger } = openCatalogue({ store, db, locks, now, log, bins });
  const common = { store, ledger, catalogue, locks, now, ttlMs, log };
  const uploads = new Uploads(common);
  const whole = new WholeFiles(common);
  const reaper = new Reaper({ ...common, uploads });
  const accounts = new Accounts(db, { now });
  const secrets = new Secrets(db, { now });
  const gate = new Gate(db, { accounts, secrets, now });
  const bans = memoryBans({ now });
  const firstStart = await makeAdmin(accounts, secrets, options.adminPassword);
  const gateway = createGateway({ ...common, uploads, memoryBytes });
  const signIn = new GatewaySignIn({ accounts, gate, keys: new PublicKeys(db, { now }), gateway });
  const doors = new Doors();
  const examinations = new StoreExaminations({ mounts: all, uploadDays: ttlMs / day, now, log });
  await catalogue.recover();
  await reaper.dropPiped();
  await reaper.sweep();

  const reap = async (): Promise<void> => {
    await catalogue.reap();
    await reaper.reap();
    await doors.reap();
    await gateway.reap();
    await secrets.removeExpired();
    await removeOldAttempts(db, now());
  };
  const timer = setInterval(() => {
    reap().catch((error: unknown) => log.warn({ err: error }, "cannot look for what has expired"));
  }, options.reapEveryMs ?? 60_000);
  timer.unref();
  const close = async (): Promise<void> => {
    clearInterval(timer);
    await doors.close();
    await examinations.close();
    await gateway.close();
    await catalogue.close();
    await db.destroy();
  };
  const { publicHost } = options;
  return {
    store,
    db,
    locks,
    ledger,
    catalogue,
    uploads,
    whole,
    accounts,
    secrets,
    gate,
    bans,
    gateway,
    signIn,
    doors,
    examinations,
    publicHost,
    firstStart,
    now,
    log,
    reap,
    close,
  };
}

function openLedger(dataDir: string): Database {
  if (dataDir === ":memory:") return openDatabase(dataDir);
  mkdirSync(dataDir, { recursive: true });
  return openDatabase(join(dataDir, "naru.db"));
}

async function makeAdmin(
  accounts: Accounts,
  secrets: Secrets,
  given: string | undefined,
): Promise<FirstStart | undefined> {
  if ((await accounts.list()).length > 0) return undefined;
  const password = given ?? generatePassword();
  await accounts.create("admin", password, { admin: true, anyPassword: true });
  const { secret } = await secrets.issue("link", "admin", "first start");
  return { password: given === undefined ? password : undefined, link: `/sign-in?token=${secret}` };
}
