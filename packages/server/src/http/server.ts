import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { TicketRoute, WireGateway } from "@naru/core";
import { Accounts } from "../accounts/accounts.ts";
import { Gate } from "../accounts/gate.ts";
import { generatePassword } from "../accounts/password.ts";
import { Secrets } from "../accounts/secrets.ts";
import { FolderChanges } from "../catalogue/folder-changes.ts";
import { FolderMoves } from "../catalogue/folder-moves.ts";
import { PathClaims } from "../catalogue/path-claims.ts";
import { type Database, openDatabase } from "../database/database.ts";
import { Pairings } from "../tickets/pairings.ts";
import { Tickets } from "../tickets/tickets.ts";
import { Reaper } from "../uploads/reaper.ts";
import { UploadLedger } from "../uploads/upload-ledger.ts";
import { Uploads } from "../uploads/uploads.ts";
import { WholeFiles } from "../uploads/whole-files.ts";
import { guardRoutes } from "./access.ts";
import { accountRoutes } from "./account-routes.ts";
import { batchRoute, knownRoute } from "./batch-door.ts";
import { askForParsedBodies } from "./continue.ts";
import { answerErrors } from "./errors.ts";
import { type App, type Logger, makeApp } from "./fastify.ts";
import { fileRoutes, wholeFileRoute } from "./file-routes.ts";
import { folderRoutes } from "./folder-routes.ts";
import { formRoute } from "./form-door.ts";
import { healthRoutes } from "./health.ts";
import { makeLog } from "./log.ts";
import { OwnOrigins } from "./own-origins.ts";
import { downloadRoutes, pageRoutes, securityHeaders } from "./page.ts";
import { noticeProxies } from "./proxy-notice.ts";
import { sessionRoutes } from "./session-routes.ts";
import { type DoorStore, StoreInfo, warnOfSkew } from "./store-info.ts";
import { ticketRoutes } from "./ticket-routes.ts";
import { partRoute, uploadRoutes } from "./upload-routes.ts";

export interface HttpServerOptions {
  readonly store: DoorStore;
  /** The folder of the ledger `naru.db`; `":memory:"` keeps it in memory. */
  readonly dataDir: string;
  /** The built page. */
  readonly publicDir?: string | undefined;
  /** The agent's installers, served under `/downloads/`. */
  readonly downloadsDir?: string | undefined;
  readonly logger?: Logger | undefined;
  /** Proxies in front whose `X-Forwarded-*` count: addresses, ranges (CIDR), `loopback`; `true` believes everyone. */
  readonly trustProxy?: boolean | readonly string[] | undefined;
  /** Where people reach the server, as `https://naru.example`, where a proxy hides it; pages from there are its own. */
  readonly origins?: readonly string[] | undefined;
  /** Always mark cookies `Secure`; without it, when the page came by https. */
  readonly secureCookies?: boolean | undefined;
  /** The password of `admin` if this is the first start. */
  readonly adminPassword?: string | undefined;
  /** How long an upload lives without activity. */
  readonly uploadTtlMs?: number | undefined;
  /** How often expired uploads are looked for. */
  readonly reapEveryMs?: number | undefined;
  /** How long `close` waits for requests in flight. */
  readonly drainMs?: number | undefined;
  /** How agents send new files when the page does not say; `auto` by default. */
  readonly agentRoute?: TicketRoute | undefined;
  /** Make the other doors, over the same ground. */
  readonly beside?: ((ground: Ground) => Promise<Beside>) | undefined;
  /** Milliseconds since 1970, for tests. */
  readonly clock?: (() => number) | undefined;
}

/** What every door stands on. */
export interface Ground {
  readonly store: DoorStore;
  readonly db: Database;
  readonly ledger: UploadLedger;
  readonly uploads: Uploads;
  readonly moves: FolderMoves;
  readonly gate: Gate;
  readonly now: () => number;
  readonly ttlMs: number;
  readonly log: Logger;
}

/** The doors that run beside HTTP; they open before it does, and close with it. */
export interface Beside {
  /** Where they are, for agents that ask. */
  readonly opened: readonly WireGateway[];
  listen(): Promise<void>;
  reap(): Promise<void>;
  close(): Promise<void>;
}

/** What a person needs after the first start. */
export interface FirstStart {
  /** The password of `admin`, if it was made up. */
  readonly password?: string | undefined;
  /** The path of a link that signs `admin` in once, within an hour. */
  readonly link: string;
}

export interface NaruServer {
  readonly firstStart?: FirstStart | undefined;
  /** Begin to listen, at every door; the origin that was bound. */
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  /** End what has expired, now. */
  reap(): Promise<void>;
  /** Take no more requests, let those in flight end, close. */
  close(): Promise<void>;
}

const day = 24 * 60 * 60 * 1000;

/** Put the server together over a store. It does not listen yet. */
export async function createHttpServer(options: HttpServerOptions): Promise<NaruServer> {
  const { store, dataDir, clock: now = Date.now, logger = makeLog(), uploadTtlMs: ttlMs = 7 * day } = options;
  warnOfSkew(store, logger);
  const db = openLedger(dataDir);
  const ledger = new UploadLedger(db);
  const claims = new PathClaims({ files: store, now, isAwaited: (path) => ledger.isAwaited(path) });
  const uploads = new Uploads({ store, ledger, claims, now, ttlMs, log: logger });
  const moves = new FolderMoves({ store, ledger, now, log: logger });
  const whole = new WholeFiles({ store, ledger, claims, now, ttlMs, log: logger });
  const reaper = new Reaper({ store, ledger, uploads, now, ttlMs, log: logger });
  const accounts = new Accounts(db, { now });
  const secrets = new Secrets(db, { now });
  const firstStart = await makeAdmin(accounts, secrets, options.adminPassword);
  const state = { draining: false };
  const gate = new Gate({ accounts, secrets, now });
  const beside = await options.beside?.({ store, db, ledger, uploads, moves, gate, now, ttlMs, log: logger });

  const app = await makeApp({ logger, trustProxy: options.trustProxy ?? false });
  await addRoutes(app, {
    options,
    db,
    ledger,
    claims,
    uploads,
    moves,
    whole,
    accounts,
    secrets,
    gate,
    now,
    logger,
    state,
    gateways: () => beside?.opened ?? [],
  });
  await reaper.dropPiped();
  await reaper.sweep();
  await moves.resume();
  const reap = async (): Promise<void> => {
    await reaper.reap();
    await beside?.reap();
    await secrets.removeExpired();
  };
  const timer = setInterval(() => {
    reap().catch((error: unknown) => logger.warn({ err: error }, "cannot look for what has expired"));
  }, options.reapEveryMs ?? 60_000);
  timer.unref();

  return {
    firstStart,
    listen: async ({ host, port }) => {
      await beside?.listen();
      return app.listen({ host, port }).catch(async (error: unknown) => {
        await beside?.close();
        throw error;
      });
    },
    reap,
    close: async () => {
      state.draining = true;
      clearInterval(timer);
      const late = setTimeout(() => app.server.closeAllConnections(), options.drainMs ?? 10_000);
      // Node closes those that rest now. One whose answer had begun was promised to be kept, and rests a moment later.
      const rested = setInterval(() => app.server.closeIdleConnections(), 100);
      await Promise.all([beside?.close(), app.close()]).finally(() => {
        clearTimeout(late);
        clearInterval(rested);
      });
      await moves.close();
      await db.destroy();
    },
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
  await accounts.create("admin", password, { admin: true });
  const { secret } = await secrets.issue("link", "admin", "first start");
  return { password: given === undefined ? password : undefined, link: `/sign-in?token=${secret}` };
}

interface Parts {
  readonly options: HttpServerOptions;
  readonly db: Database;
  readonly ledger: UploadLedger;
  readonly claims: PathClaims;
  readonly uploads: Uploads;
  readonly moves: FolderMoves;
  readonly whole: WholeFiles;
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly gate: Gate;
  readonly gateways: () => readonly WireGateway[];
  readonly now: () => number;
  readonly logger: Logger;
  readonly state: { readonly draining: boolean };
}

async function addRoutes(app: App, parts: Parts): Promise<void> {
  const { options, db, ledger, claims, uploads, moves, whole, accounts, secrets, gate, gateways, now, logger, state } =
    parts;
  const { store, secureCookies = false, publicDir, agentRoute: route } = options;
  const storeInfo = new StoreInfo({ store, now, log: logger });
  const origins = new OwnOrigins(options.origins ?? []);
  askForParsedBodies(app);
  answerErrors(app);
  noticeProxies(app, logger);
  await securityHeaders(app, storeInfo);
  guardRoutes(app, gate, { origins });
  sessionRoutes(app, { gate, secrets, storeInfo, origins, secureCookies });
  accountRoutes(app, { accounts, secrets, gate });
  const tickets = new Tickets({ secrets, uploads, gateways, route, now });
  ticketRoutes(app, { pairings: new Pairings({ secrets, now }), tickets, secrets });
  uploadRoutes(app, uploads);
  const folders = new FolderChanges({ store, ledger, claims, moves, now });
  knownRoute(app, whole);
  fileRoutes(app, { files: store, ledger, claims, whole, folders });
  folderRoutes(app, folders);
  const checkLedger = (): Promise<unknown> => db.selectFrom("accounts").select("name").limit(1).execute();
  healthRoutes(app, { files: store, checkLedger, draining: () => state.draining, now });
  await app.register(async (scope: App) => {
    // Here bodies are bytes whatever they are called; handlers stream them.
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, streams: true };
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    partRoute(scope, uploads);
    wholeFileRoute(scope, { files: store, whole });
    batchRoute(scope, whole);
    formRoute(scope, whole);
  });
  await downloadRoutes(app, options.downloadsDir);
  await pageRoutes(app, publicDir);
}
