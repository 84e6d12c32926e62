/**
 * Requests through Node's own HTTP client: there is nothing to load or to compile before the first of them, as there is for
 * undici (30 ms of a processor), and a large chunk goes to the socket in one piece.
 *
 * @module
 */

import { Agent, type ClientRequest, type IncomingMessage, request as overHttp } from "node:http";
import { request as overTls, Agent as TlsAgent } from "node:https";
import type { Socket } from "node:net";
import { setImmediate } from "node:timers/promises";
import type { TLSSocket } from "node:tls";
import { type Abortable, TransferError } from "@naru/core";
import { unreachable } from "../send.ts";

/** What is asked of whom; `body` is written once the connection is there. */
export interface HttpRequest extends Abortable {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: AsyncIterable<Uint8Array> | Uint8Array | undefined;
  /** Over a connection of its own, which is closed afterwards. */
  readonly fresh?: boolean | undefined;
}

/** A pool of connections. */
export interface Requests {
  /** The least time that a TCP connection took, once there was one: about a round trip, to the farthest of the hosts. */
  readonly connectMs: number | undefined;
  /**
   * Give the answer as soon as its head is there, which may be before all of the body has gone.
   *
   * @throws {TransferError} `unreachable` when no answer comes; what `body` throws; the signal's reason when it aborts
   */
  request(request: HttpRequest): Promise<IncomingMessage>;
  /** End all connections. */
  close(): void;
}

export interface RequestsOptions {
  /** At most, to each origin. */
  readonly connections: number;
  readonly connectTimeoutMs: number;
}

const idleMs = 30_000;
const keepAliveAfterMs = 60_000;

/** Open a pool of connections, which are kept for the requests that follow. */
export function openRequests({ connections, connectTimeoutMs }: RequestsOptions): Requests {
  const options = {
    maxSockets: connections,
    timeout: idleMs,
    // Wine refuses TCP's keep-alive before the connection is there; the watchdog sees a dead one as well.
    keepAlive: true,
    keepAliveMsecs: keepAliveAfterMs,
  };
  const plain = new Agent(options);
  let tls: TlsAgent | undefined;
  /** By origin. */
  const connectMs = new Map<string, number>();
  const begin = ({ method, url, headers, signal, fresh = false }: HttpRequest): ClientRequest => {
    const how = { method, headers, ...(signal === undefined ? {} : { signal }) };
    if (!url.startsWith("https:")) return overHttp(url, { ...how, agent: fresh ? false : plain });
    if (fresh) return overTls(url, { ...how, agent: false });
    tls ??= new TlsAgent(options);
    return overTls(url, { ...how, agent: tls });
  };
  return {
    get connectMs() {
      return connectMs.size === 0 ? undefined : Math.max(...connectMs.values());
    },
    request: async (wanted) => {
      // A kept connection that has been closed at the other end is found out first, though nobody has looked for a while.
      await setImmediate();
      wanted.signal?.throwIfAborted();
      try {
        const { origin } = new URL(wanted.url);
        const onConnected = (ms: number): void => void connectMs.set(origin, Math.min(ms, connectMs.get(origin) ?? ms));
        return await answerTo(begin(wanted), wanted.body, { connectTimeoutMs, onConnected });
      } catch (cause) {
        // A source that failed while it was read says so itself.
        throw cause instanceof TransferError ? cause : unreachable(wanted.url, cause, wanted.signal);
      }
    },
    close: () => {
      plain.destroy();
      tls?.destroy();
    },
  };
}

interface Connecting {
  readonly connectTimeoutMs: number;
  readonly onConnected: (ms: number) => void;
}

function answerTo(
  outgoing: ClientRequest,
  body: HttpRequest["body"],
  connecting: Connecting,
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once("socket", (socket: Socket) => watchConnecting(socket, connecting));
    // Also after the answer, when whoever gave it hangs up on the rest of the body.
    outgoing.on("error", reject);
    outgoing.once("close", () => reject(new Error("The connection was closed without an answer")));
    outgoing.once("response", (answer) => {
      // Whoever has answered reads no more, or not to the end.
      answer.once("end", () => {
        if (!outgoing.writableFinished) outgoing.destroy();
      });
      resolve(answer);
    });
    if (body === undefined || body instanceof Uint8Array) outgoing.end(body);
    else
      write(outgoing, body).catch((error: unknown) => {
        reject(error);
        outgoing.destroy();
      });
  });
}

/** Each chunk is asked for only once the one before has gone to the socket: its memory may be used again. */
async function write(outgoing: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  let go: () => void = () => undefined;
  // What waits in a connection that is closed is never said to have gone.
  outgoing.once("close", () => go());
  for await (const chunk of body) {
    if (outgoing.destroyed) return;
    await new Promise<void>((gone) => {
      go = gone;
      outgoing.write(chunk, () => gone());
    });
  }
  outgoing.end();
}

/** A host that does not answer at all is given up long before the system does. */
function watchConnecting(socket: Socket, { connectTimeoutMs, onConnected }: Connecting): void {
  if (!socket.connecting) return;
  const timer = setTimeout(() => socket.destroy(new Error("The connection took too long")), connectTimeoutMs);
  let began = performance.now();
  // Not told for an address.
  socket.once("lookup", () => {
    began = performance.now();
  });
  socket.once("connect", () => onConnected(performance.now() - began));
  const done = (): void => clearTimeout(timer);
  // A TLS connection is there once both sides know the other.
  socket.once(isTls(socket) ? "secureConnect" : "connect", done);
  socket.once("close", done);
}

function isTls(socket: Socket): socket is TLSSocket {
  return "encrypted" in socket;
}
