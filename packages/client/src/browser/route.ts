/** Which way parts go from this browser: straight to the store when it signs and its CORS admits the page, else through the server. */

import type { Limits, WireSession } from "@naru/core";
import type { NaruApi } from "../api.ts";

/** What was found out about the server and its store. */
export interface Route {
  readonly kind: "direct" | "proxy";
  readonly fallback: "cors" | undefined;
  /** Connections that parts may use at once: browsers open six for each host. */
  readonly connections: number;
  /** Parts that may go through the server beside them, where that pays. */
  readonly beside: number;
  readonly batchMaxSize: number;
  readonly limits: Limits;
}

const probeTimeoutMs = 3000;
const perHost = 6;
/** Through the server two stay free: for the stream of events, and for everything else that the page asks it. */
const throughServer = perHost - 2;

/**
 * Ask the server, then try each of the store's public endpoints once. Parts go round them by their numbers: one that
 * does not admit the page would hold its share of every file for ever, so all must.
 */
export async function findRoute(api: NaruApi): Promise<Route> {
  const { store } = await api.session();
  const admitted = store.direct && (await Promise.all(store.probes.map(admits))).every((one) => one);
  return routeFor(store, admitted);
}

/** Decide, given whether all of the store answered this page. */
export function routeFor(store: WireSession["store"], admitted: boolean): Route {
  const { probes, limits, batchMaxSize, bothRoutes = false } = store;
  return {
    kind: admitted ? "direct" : "proxy",
    fallback: !admitted && probes.length > 0 ? "cors" : undefined,
    connections: Math.min(admitted ? perHost * Math.max(1, probes.length) : throughServer, limits.maxInFlight),
    beside: admitted && bothRoutes ? throughServer : 0,
    batchMaxSize,
    limits,
  };
}

/** Any answer to a PUT, an error too, shows that CORS admits the page; a `TypeError` that it does not. */
async function admits(url: string): Promise<boolean> {
  const signal = AbortSignal.timeout(probeTimeoutMs);
  return fetch(url, { method: "PUT", mode: "cors", credentials: "omit", cache: "no-store", signal }).then(
    () => true,
    () => false,
  );
}
