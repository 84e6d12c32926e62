/** The one file that meets `ws`: WebSockets without compression, as messages in order. */

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { agentFrameHead, agentFrameSize } from "@naru/core";
import { type RawData, type WebSocket, WebSocketServer } from "ws";

/** A page's connection. */
export interface PageSocket {
  send(message: object): void;
  close(): void;
}

export interface PageHandlers {
  onText(text: string): void;
  /** Bytes of files; no more are read while too many wait. */
  onBytes(bytes: Uint8Array): Promise<void>;
  onClose(): void;
}

/** So many bytes may wait for the disk before the connection is not read on. */
const maxWaiting = 48 * agentFrameSize;
const pingEveryMs = 30_000;

/** Makes connections out of upgrades that were let in. */
export class PageSockets {
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    maxPayload: agentFrameSize + agentFrameHead,
    clientTracking: true,
  });

  /** Answer an upgrade; `listen` gets the connection and says who hears. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer, listen: (page: PageSocket) => PageHandlers): void {
    this.#server.handleUpgrade(request, socket, head, (webSocket) => connect(webSocket, listen));
  }

  /** End all connections. */
  close(): void {
    for (const client of this.#server.clients) client.terminate();
    this.#server.close();
  }
}

function connect(socket: WebSocket, listen: (page: PageSocket) => PageHandlers): void {
  const handlers = listen({
    send: (message) => socket.send(JSON.stringify(message)),
    close: () => socket.close(),
  });
  let waiting = 0;
  socket.on("message", (data, isBinary) => {
    if (!isBinary) return handlers.onText(asBytes(data).toString("utf8"));
    const bytes = asBytes(data);
    waiting += bytes.length;
    if (waiting > maxWaiting) socket.pause();
    // Never rejects: what is wrong with bytes is told to the page.
    void handlers.onBytes(bytes).finally(() => {
      waiting -= bytes.length;
      if (waiting <= maxWaiting / 2 && socket.isPaused) socket.resume();
    });
  });
  let alive = true;
  socket.on("pong", () => {
    alive = true;
  });
  const timer = setInterval(() => {
    // A page whose computer slept answers when it wakes; one that is gone never does.
    if (!alive && !socket.isPaused) socket.terminate();
    alive = false;
    socket.ping();
  }, pingEveryMs);
  socket.on("close", () => {
    clearInterval(timer);
    handlers.onClose();
  });
  // A connection that breaks closes too.
  socket.on("error", () => undefined);
}

function asBytes(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
