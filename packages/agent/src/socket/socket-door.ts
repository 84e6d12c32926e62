/**
 * The agent's door for pages: a WebSocket for control and data, and PUT for data, on 127.0.0.1 and ::1 and nowhere else.
 * Whoever does not come from a page of a server, to a loopback name, is answered as if nothing were here.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import type { Fetch } from "@naru/client";
import { agentKeyHeader, agentPorts, TransferError } from "@naru/core";
import { redeem } from "../pairing/redeem.ts";
import { Admission } from "./admission.ts";
import { measureData, takeData } from "./data-channel.ts";
import { Feeds } from "./feeds.ts";
import { originOf } from "./loopback.ts";
import { PageSession, type PageSessionOptions } from "./page-session.ts";
import { PageSockets } from "./web-socket.ts";

export interface SocketDoorOptions extends Omit<PageSessionOptions, "feeds" | "redeem"> {
  /** The first that is free is taken; `[0]` is any, for tests. */
  readonly ports?: readonly number[] | undefined;
  /** How paired servers are reached. */
  readonly fetch?: Fetch | undefined;
}

export interface SocketDoor extends AsyncDisposable {
  readonly port: number;
}

const longAgo = "600";

/** Listen. @throws {TransferError} `conflict` when all ports are taken */
export async function openSocketDoor({
  ports = agentPorts,
  fetch,
  ...options
}: SocketDoorOptions): Promise<SocketDoor> {
  const feeds = new Feeds();
  const pages = new PageSockets();
  const admission = new Admission();
  const session: PageSessionOptions = {
    ...options,
    feeds,
    redeem: (server, { ticket }) => redeem(server, { ticket }, { fetch }),
  };
  // Never rejects: what fails is answered, or the connection ends.
  const server = createServer((request, response) => void serve(request, response, session));
  server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Until `ws` takes it, nobody hears its errors.
    socket.on("error", () => undefined);
    const origin = originOf(request, request.socket.localPort ?? 0);
    const leave =
      origin !== undefined && request.url === "/v1"
        ? admission.enter(origin, { isPaired: session.servers.get(origin) !== undefined })
        : undefined;
    if (origin === undefined || leave === undefined)
      return void socket.end("HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n");
    socket.once("close", leave);
    pages.take(request, socket, head, (page) => new PageSession(origin, page, session));
  });
  // A body on its way to a full disk takes as long as it takes.
  server.requestTimeout = 0;
  const port = await listen(server, ports);
  const second = await listenToo(server, port);
  options.log(`listening for pages on port ${port}`);
  return {
    port,
    [Symbol.asyncDispose]: async () => {
      pages.close();
      for (const one of [server, second]) {
        one?.close();
        one?.closeAllConnections();
      }
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, session: PageSessionOptions): Promise<void> {
  const origin = originOf(request, request.socket.localPort ?? 0);
  const path = (request.url ?? "").split("?", 1)[0] ?? "";
  response.setHeader("x-content-type-options", "nosniff");
  response.setHeader("cache-control", "no-store");
  if (origin === undefined) return nothingHere(response);
  // A page that may become a paired one may know that an agent is here: else it could not ask.
  const isPaired = session.servers.get(origin) !== undefined;
  if (!isPaired && path !== "/ping") return nothingHere(response);
  admit(response, origin);
  if (request.method === "OPTIONS") return void response.writeHead(204).end();
  if (request.method === "GET" && path === "/ping") return void response.writeHead(204).end();
  if (request.method !== "PUT") return nothingHere(response);
  if (path === "/probe") return measureData(request, response).catch(() => void request.destroy());
  return takeData(request, response, { feeds: session.feeds, origin });
}

/** Say to the browser that this page may read the answers; older ones ask for the private network in another header. */
function admit(response: ServerResponse, origin: string): void {
  response.setHeader("access-control-allow-origin", origin);
  response.setHeader("vary", "Origin");
  response.setHeader("access-control-allow-methods", "GET, PUT");
  response.setHeader("access-control-allow-headers", agentKeyHeader);
  response.setHeader("access-control-allow-private-network", "true");
  response.setHeader("access-control-allow-local-network", "true");
  response.setHeader("access-control-max-age", longAgo);
}

function nothingHere(response: ServerResponse): void {
  response.writeHead(404, { connection: "close" }).end();
}

async function listen(server: Server, ports: readonly number[]): Promise<number> {
  for (const port of ports) {
    if (await listensAt(server, "127.0.0.1", port)) return portOf(server);
  }
  throw new TransferError("conflict", `Cannot listen for pages: the ports ${ports.join(", ")} are taken`);
}

/** The same on ::1, where there is IPv6. */
async function listenToo(first: Server, port: number): Promise<Server | undefined> {
  const second = createServer((request, response) => void first.emit("request", request, response));
  second.requestTimeout = 0;
  second.on("upgrade", (request, socket, head) => first.emit("upgrade", request, socket, head));
  return (await listensAt(second, "::1", port)) ? second : undefined;
}

async function listensAt(server: Server, host: string, port: number): Promise<boolean> {
  server.listen({ host, port, exclusive: true });
  return once(server, "listening").then(
    () => true,
    () => false,
  );
}

function portOf(server: Server): number {
  const address = server.address();
  return typeof address === "object" && address !== null ? address.port : 0;
}
