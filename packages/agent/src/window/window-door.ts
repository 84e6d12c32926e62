/**
 * The agent's door for its own window: the page, its calls and its events, on a port of 127.0.0.1. It is opened when the
 * first window is asked for. A window that dies takes nothing with it: the transfers are the agent's.
 *
 * @module
 */

import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname } from "node:path";
import { isTransferError, statusOf, TransferError, toWireError } from "@naru/core";
import { takeData } from "../socket/data-channel.ts";
import { Feeds } from "../socket/feeds.ts";
import { EventStreams } from "./event-streams.ts";
import { IdleFeeds } from "./idle-feeds.ts";
import { openPageFiles, type ReadPageFile } from "./page-files.ts";
import { isCall, WindowCommands, type WindowCommandsOptions } from "./window-commands.ts";
import { WindowGuard } from "./window-guard.ts";

export interface WindowDoor extends AsyncDisposable {
  /** Make an address that opens the window once, within a minute; the key is in the part that is never sent. */
  address(): string;
  /** Tell whether a window is there that is told what happens. */
  isOpen(): boolean;
}

const mostBytes = 1024 * 1024;

const headers: Readonly<Record<string, string>> = {
  "content-security-policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
};

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface Inside {
  readonly guard: WindowGuard;
  readonly commands: WindowCommands;
  readonly streams: EventStreams;
  readonly feeds: Feeds;
  readonly idleFeeds: IdleFeeds;
  readonly readFile: ReadPageFile;
  readonly log: (line: string) => void;
}

/** Listen for the window. @throws {TransferError} `unavailable` when there is no page to show */
export async function openWindowDoor(
  options: Omit<WindowCommandsOptions, "feeds" | "origin"> & { readonly log: (line: string) => void },
): Promise<WindowDoor> {
  const readFile = await openPageFiles();
  let port = 0;
  const guard = new WindowGuard(() => port);
  const feeds = new Feeds();
  const commands = new WindowCommands({ ...options, feeds, origin: () => guard.origin });
  const streams = new EventStreams(commands, options);
  const idleFeeds = new IdleFeeds(feeds);
  const inside: Inside = { guard, commands, streams, feeds, idleFeeds, readFile, log: options.log };
  // Never rejects: what fails is answered.
  const server = createServer((request, response) => void serve(request, response, inside));
  // A body on its way to a full disk takes as long as it takes.
  server.requestTimeout = 0;
  server.listen({ host: "127.0.0.1", port: 0, exclusive: true });
  await once(server, "listening");
  const at = server.address();
  port = typeof at === "object" && at !== null ? at.port : 0;
  return {
    address: () => `${guard.origin}/ui/#key=${guard.issueKey()}`,
    isOpen: () => streams.count > 0,
    [Symbol.asyncDispose]: async () => {
      streams[Symbol.dispose]();
      idleFeeds[Symbol.dispose]();
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function serve(request: IncomingMessage, response: ServerResponse, inside: Inside): Promise<void> {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  try {
    if (!(await inside.guard.admits(request))) return nothingHere(response);
    await answer(request, response, inside);
  } catch (error) {
    const wire = toWireError(error);
    if (!isTransferError(error)) inside.log(`window failed: ${error instanceof Error ? error.message : String(error)}`);
    if (!response.headersSent) say(response, isTransferError(error) ? statusOf[wire.code] : 500, wire);
    else response.destroy();
  }
}

async function answer(request: IncomingMessage, response: ServerResponse, inside: Inside): Promise<void> {
  const { guard, commands, streams, readFile } = inside;
  const [path = ""] = (request.url ?? "").split("?", 1);
  const [, call] = /^\/ui\/api\/(\w+)$/.exec(path) ?? [];
  if (request.method === "POST" && call === "enter") return enter(request, response, guard);
  if (request.method === "GET" && call === undefined && path.startsWith("/ui/")) {
    const name = path === "/ui/" ? "index.html" : path.slice("/ui/".length);
    const bytes = await readFile(name);
    if (bytes === undefined) return nothingHere(response);
    response.setHeader("content-type", types[extname(name)] ?? "application/octet-stream");
    return void response.end(bytes);
  }
  if (!/^\/ui\/(api|data)\//.test(path)) return nothingHere(response);
  if (!guard.knows(request)) {
    throw new TransferError("unauthenticated", "Cannot serve the window: its session has ended");
  }
  if (request.method === "GET" && call === "events") return streams.listen(response);
  if (request.method === "PUT" && path.startsWith("/ui/data/")) {
    request.url = request.url?.slice("/ui".length) ?? "";
    return feedFrom(request, response, inside);
  }
  if (request.method !== "POST" || call === undefined || !isCall(call)) return nothingHere(response);
  const given = await commands.call(call, await bodyOf(request));
  say(response, 200, given ?? null);
}

async function enter(request: IncomingMessage, response: ServerResponse, guard: WindowGuard): Promise<void> {
  const body = Object(await bodyOf(request));
  const cookie = guard.enter(String(body["key"]));
  if (cookie === undefined)
    throw new TransferError("unauthenticated", "Cannot open the window: its key was used or is too old");
  response.setHeader("set-cookie", cookie);
  say(response, 200, null);
}

/** What the page sends of a file; when it goes away in the middle, nobody feeds any more. */
async function feedFrom(request: IncomingMessage, response: ServerResponse, inside: Inside): Promise<void> {
  const { feeds, idleFeeds } = inside;
  const { origin } = inside.guard;
  const [, transfer = ""] = /^\/data\/([^?]*)/.exec(request.url ?? "") ?? [];
  const feed = feeds.find(transfer, origin, String(request.headers["naru-key"]));
  if (feed !== undefined) idleFeeds.busy(feed);
  await takeData(request, response, { feeds, origin });
  if (feed === undefined) return;
  const isFeeding = response.statusCode === 200 && !response.destroyed && feed.spool.missing.length > 0;
  if (isFeeding) idleFeeds.idle(feed);
  else await feeds.close(feed);
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > mostBytes) throw new TransferError("too-large", "Cannot read the call: it is too long");
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch (cause) {
    throw new TransferError("invalid", "Cannot read the call: it is not JSON", { cause });
  }
}

function say(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function nothingHere(response: ServerResponse): void {
  response.writeHead(404).end();
}
