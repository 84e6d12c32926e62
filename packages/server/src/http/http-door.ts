import type { TicketRoute } from "@naru/core";
import type { Door, DoorAddress, OpenedDoor } from "../door.ts";
import type { Ground } from "../ground.ts";
import type { SharePolicy } from "../shares/share-policy.ts";
import { openSharing, type Sharing } from "../shares/sharing.ts";
import { gatewaysIn } from "../tickets/gateways.ts";
import { Pairings } from "../tickets/pairings.ts";
import { Tickets } from "../tickets/tickets.ts";
import { guardRoutes } from "./access.ts";
import { accountRoutes } from "./account-routes.ts";
import { archiveRoutes } from "./archive-routes.ts";
import { batchRoute, knownRoute } from "./batch-routes.ts";
import { binRoutes } from "./bin-routes.ts";
import { uploadsFor } from "./caller-uploads.ts";
import { checkRoute } from "./check-route.ts";
import { copyRoute } from "./copy-route.ts";
import { detailRoutes } from "./detail-routes.ts";
import { doctorRoutes } from "./doctor-routes.ts";
import { entryRoutes } from "./entry-routes.ts";
import { answerErrors } from "./errors.ts";
import { eventRoutes } from "./event-routes.ts";
import { type App, makeApp } from "./fastify.ts";
import { fileRoutes, wholeFileRoute } from "./file-routes.ts";
import { folderRoutes } from "./folder-routes.ts";
import { formRoute } from "./form-routes.ts";
import { countGuestDownloads } from "./guest-downloads.ts";
import { guestPage } from "./guest-page.ts";
import { guestRoutes } from "./guest-routes.ts";
import { healthRoutes } from "./health.ts";
import { moveRoutes } from "./move-routes.ts";
import { OwnOrigins } from "./own-origins.ts";
import { downloadRoutes, pageRoutes, securityHeaders } from "./page.ts";
import { askForParsedBodies } from "./parsed-bodies.ts";
import { previewRoutes } from "./preview-routes.ts";
import { noticeProxies } from "./proxy-notice.ts";
import { sessionRoutes } from "./session-routes.ts";
import { shareRoutes } from "./share-routes.ts";
import { StoreInfo } from "./store-info.ts";
import { ticketRoutes } from "./ticket-routes.ts";
import { partRoute, uploadRoutes } from "./upload-routes.ts";
import { versionRoutes } from "./version-routes.ts";

/** Where the HTTP door listens, and what it serves. */
export interface HttpOptions extends DoorAddress {
  /** The built page. */
  readonly publicDir?: string | undefined;
  /** The agent's installers, served under `/downloads/`. */
  readonly downloadsDir?: string | undefined;
  /** Proxies in front whose `X-Forwarded-*` count: addresses, ranges (CIDR), `loopback`; `true` believes everyone. */
  readonly trustProxy?: boolean | readonly string[] | undefined;
  /** Where people reach the server, as `https://naru.example`, where a proxy hides it; pages from there are its own. */
  readonly origins?: readonly string[] | undefined;
  /** Always mark cookies `Secure`; without it, when the page came by https. */
  readonly secureCookies?: boolean | undefined;
  /** How long `close` waits for requests in flight. */
  readonly drainMs?: number | undefined;
  /** How often a stream of events shows that it lives, and asks whether its caller is still signed in. */
  readonly heartbeatMs?: number | undefined;
  /** How agents send new files when the page does not say; `auto` by default. */
  readonly agentRoute?: TicketRoute | undefined;
  /** Whether pages may send parts of a file both straight to the store and through this server; `true` by default. */
  readonly bothRoutes?: boolean | undefined;
  /** How long links may last, and what their logs keep of addresses. */
  readonly shares?: Partial<SharePolicy> | undefined;
}

/** Make the HTTP door of a server. */
export async function httpDoor(ground: Ground, options: HttpOptions): Promise<Door> {
  const app = await makeApp({ logger: ground.log, trustProxy: options.trustProxy ?? false });
  const state = { draining: false };
  const { db, catalogue, gate, locks, now } = ground;
  const sharing = openSharing({ db, catalogue, gate, locks, policy: options.shares, now });
  await addRoutes(app, { ground, options, sharing, state });
  const { host, port, drainMs = 10_000 } = options;
  let opened: readonly OpenedDoor[] = [];
  return {
    get opened() {
      return opened;
    },
    listen: async () => {
      const origin = await app.listen({ host, port });
      opened = [{ kind: "http", host, port: Number(new URL(origin).port) || 80, origin }];
    },
    // Whoever calls is looked at anew with each request.
    reap: () => sharing.reap(),
    close: async () => {
      state.draining = true;
      await drain(app, drainMs);
    },
  };
}

/** Let requests in flight end, for `drainMs`. */
async function drain(app: App, drainMs: number): Promise<void> {
  const late = setTimeout(() => app.server.closeAllConnections(), drainMs);
  // Node closes those that rest now. One whose answer had begun was promised to be kept, and rests a moment later.
  const rested = setInterval(() => app.server.closeIdleConnections(), 100);
  await app.close().finally(() => {
    clearTimeout(late);
    clearInterval(rested);
  });
}

interface Parts {
  readonly ground: Ground;
  readonly options: HttpOptions;
  readonly sharing: Sharing;
  readonly state: { readonly draining: boolean };
}

async function addRoutes(app: App, parts: Parts): Promise<void> {
  const { ground, options, sharing, state } = parts;
  const { store, db, catalogue, uploads, whole, accounts, secrets, gate, doors, now, log } = ground;
  const { secureCookies = false, publicDir, agentRoute: route, heartbeatMs = 15_000 } = options;
  const storeInfo = new StoreInfo({
    store,
    bins: catalogue.bin.items.rules,
    bothRoutes: options.bothRoutes ?? true,
    now,
    log,
  });
  const origins = new OwnOrigins(options.origins ?? []);
  askForParsedBodies(app);
  answerErrors(app);
  noticeProxies(app, log);
  await securityHeaders(app, storeInfo);
  guardRoutes(app, gate, { origins, guests: sharing.gate });
  countGuestDownloads(app, sharing.downloads);
  sessionRoutes(app, { gate, secrets, storeInfo, origins, gateways: () => gatewaysIn(doors.opened), secureCookies });
  accountRoutes(app, { accounts, secrets, gate });
  const tickets = new Tickets(db, { secrets, uploads, gateways: () => doors.opened, route, now });
  ticketRoutes(app, { pairings: new Pairings(db, { secrets, now }), tickets, secrets });
  const uploadsOf = uploadsFor(uploads, sharing);
  uploadRoutes(app, { uploads, uploadsOf });
  checkRoute(app, catalogue);
  knownRoute(app, catalogue);
  fileRoutes(app, catalogue);
  folderRoutes(app, catalogue);
  entryRoutes(app, catalogue);
  copyRoute(app, catalogue);
  moveRoutes(app, catalogue);
  detailRoutes(app, catalogue);
  versionRoutes(app, catalogue);
  binRoutes(app, catalogue);
  eventRoutes(app, { catalogue, gate, heartbeatMs });
  shareRoutes(app, { sharing, catalogue });
  guestRoutes(app, { sharing, catalogue, origins, secureCookies, now });
  await guestPage(app, { publicDir, storeInfo });
  archiveRoutes(app, catalogue, { now });
  previewRoutes(app, catalogue);
  const checkLedger = (): Promise<unknown> => db.selectFrom("accounts").select("name").limit(1).execute();
  const { examinations } = ground;
  doctorRoutes(app, { examinations, origins });
  healthRoutes(app, { files: store, examinations, checkLedger, draining: () => state.draining, now });
  await app.register(async (scope: App) => {
    // Here bodies are bytes whatever they are called; handlers stream them.
    scope.addHook("onRoute", (route) => {
      route.config = { ...route.config, streams: true };
    });
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request, _payload, done) => done(null));
    partRoute(scope, uploads);
    wholeFileRoute(scope, { catalogue, whole });
    batchRoute(scope, { catalogue, whole });
    formRoute(scope, whole);
  });
  await downloadRoutes(app, options.downloadsDir);
  await pageRoutes(app, publicDir);
}
