/**
 * Who may talk to the agent's loopback server. Loopback ports are open to every page and every user of the computer, so:
 * the `Host` must be a loopback name with this port (a rebound name comes with its own), and the `Origin` that of a page
 * which may be a server's.
 *
 * @module
 */

import type { IncomingMessage } from "node:http";

/** The origin of the page that asks; `undefined` for whoever is answered as if nothing were here. */
export function originOf({ headers, rawHeaders }: IncomingMessage, port: number): string | undefined {
  const hosts = rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === "host");
  const { host, origin } = headers;
  if (hosts.length !== 1 || host === undefined || !isLoopback(host, port)) return undefined;
  return origin !== undefined && mayBeServer(origin) ? origin : undefined;
}

function isLoopback(host: string, port: number): boolean {
  return [`127.0.0.1:${port}`, `localhost:${port}`, `[::1]:${port}`].includes(host.toLowerCase());
}

/** Pages of https, or of this computer as in development; exactly as browsers write an origin. */
export function mayBeServer(origin: string): boolean {
  const url = URL.parse(origin);
  if (url === null || url.origin !== origin) return false;
  const isHere = ["127.0.0.1", "localhost", "[::1]"].includes(url.hostname);
  return url.protocol === "https:" || (url.protocol === "http:" && isHere);
}
