/**
 * `PUT /data/{transfer}?offset=` with the bytes from there on: the faster way into a spool. The page's browser streams
 * the slice; what the spool has no room for yet waits in TCP.
 *
 * @module
 */

import type { IncomingMessage, ServerResponse } from "node:http";
import { agentFrameSize, agentKeyHeader, isTransferError, statusOf, TransferError, toWireError } from "@naru/core";
import type { Spool } from "../spool/spool.ts";
import { noteGarbage } from "../young-garbage.ts";
import type { Feeds } from "./feeds.ts";
import { pageGrant } from "./page-views.ts";

/** Take a body into the spool that its key is for; the answer is the grant then. */
export async function takeData(
  request: IncomingMessage,
  response: ServerResponse,
  { feeds, origin }: { readonly feeds: Feeds; readonly origin: string },
): Promise<void> {
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  try {
    const { transfer, offset, key } = wanted(request);
    const feed = feeds.find(transfer, origin, key);
    if (feed === undefined) throw new TransferError("not-found", "Cannot accept data: nobody may feed that here");
    let at = offset;
    for await (const piece of gathered(request)) {
      // Meanwhile another page may feed, or the page's server be unpaired.
      if (feeds.find(transfer, origin, key) !== feed) throw replaced();
      await roomFor(feed.spool, at + piece.length, gone.signal);
      await feed.spool.write(at, piece, { signal: gone.signal });
      at += piece.length;
    }
    answer(response, 200, pageGrant(feed.spool));
  } catch (error) {
    if (!response.headersSent && !response.destroyed) {
      const wire = toWireError(error);
      answer(response, isTransferError(error) ? statusOf[wire.code] : 500, wire);
    }
    // What of the body still comes is of no use.
    request.destroy();
  }
}

/** Read a body and throw it away: the page measures how fast this way is. */
export async function measureData(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > 64 * agentFrameSize) return void request.destroy();
  }
  answer(response, 200, { bytes });
}

/** What comes, in pieces that are worth a write. A piece is overwritten once the next is asked for. */
async function* gathered(request: IncomingMessage): AsyncGenerator<Uint8Array> {
  const memory = Buffer.allocUnsafeSlow(agentFrameSize);
  let length = 0;
  for await (const chunk of request) {
    const bytes: Uint8Array = chunk;
    noteGarbage(bytes.length);
    for (let from = 0; from < bytes.length; ) {
      const some = bytes.subarray(from, from + memory.length - length);
      memory.set(some, length);
      length += some.length;
      from += some.length;
      if (length < memory.length) continue;
      yield memory;
      length = 0;
    }
  }
  if (length > 0) yield memory.subarray(0, length);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

function wanted(request: IncomingMessage): { transfer: string; offset: number; key: string } {
  const url = new URL(request.url ?? "", "http://agent");
  const transfer = /^\/data\/([\w-]{1,100})$/.exec(url.pathname)?.[1];
  const offset = url.searchParams.get("offset") ?? "";
  const key = request.headers[agentKeyHeader];
  if (transfer === undefined || !/^\d{1,15}$/.test(offset) || typeof key !== "string") {
    throw new TransferError("invalid", "Cannot accept data: its transfer, offset or key is missing");
  }
  return { transfer, offset: Number(offset), key };
}

/** Wait until the spool gives credit up to `end`. */
function roomFor(spool: Spool, end: number, signal: AbortSignal): Promise<void> {
  const hasRoom = (): boolean => spool.grant.durable + spool.grant.credit >= end;
  if (hasRoom()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const stop = spool.onGrant(() => {
      if (!spool.attached || end > spool.file.size) fail();
      else if (hasRoom()) settle(resolve);
    });
    const fail = (): void => settle(() => reject(replaced()));
    const settle = (end: () => void): void => {
      stop();
      signal.removeEventListener("abort", fail);
      end();
    };
    signal.addEventListener("abort", fail, { once: true });
    if (end > spool.file.size || !spool.attached || signal.aborted) fail();
  });
}

function replaced(): TransferError {
  return new TransferError("conflict", "Cannot accept data: its feeder is gone");
}
