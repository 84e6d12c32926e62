/**
 * A wire in front of a real HTTP server, on loopback: it carries requests as they are, counts them, and does on demand
 * what wires and stores do on bad days.
 */

import { once } from "node:events";
import {
  Agent,
  createServer,
  type IncomingMessage,
  request as openRequest,
  type Server,
  type ServerResponse,
} from "node:http";
import type { Socket } from "node:net";
import { pipeline } from "node:stream/promises";
import { setTimeout as after } from "node:timers/promises";

/** One request, seen on the wire. */
export interface Exchange {
  readonly at: number;
  readonly method: string;
  readonly url: URL;
  /** Set for a PUT of one part, at the store or at our server. */
  readonly part: number | undefined;
  /** Body bytes carried so far. */
  bytes: number;
  /** The answer that came back. */
  status: number | undefined;
}

/** What happens to a request instead of being carried as it is. */
export type Fault =
  | { readonly kind: "answer"; readonly status: number; readonly retryAfter?: number; readonly code?: string }
  | { readonly kind: "reset"; readonly afterBytes: number }
  | { readonly kind: "stall"; readonly afterBytes: number }
  /** It is carried whole, but its answer never comes back. */
  | { readonly kind: "lose-answer" }
  /** Its answer stops after so many bytes. */
  | { readonly kind: "stall-answer"; readonly afterBytes: number }
  | { readonly kind: "flip"; readonly byte: number }
  /** Its answer comes without a header. */
  | { readonly kind: "hide-header"; readonly name: string };

const corsHeaders = (request: IncomingMessage): Record<string, string> => {
  const { origin } = request.headers;
  return origin === undefined ? {} : { "access-control-allow-origin": origin, "access-control-expose-headers": "ETag" };
};

/** Lay a wire to the server at `target`. */
export async function layWire(target: string): Promise<Wire> {
  const wire = new Wire(new URL(target));
  await wire.open();
  return wire;
}

export class Wire implements AsyncDisposable {
  readonly #target: URL;
  readonly #server: Server;
  readonly #agent: Agent = new Agent({ keepAlive: true });
  readonly #sockets = new Set<Socket>();
  #dead = new Set<Socket>();
  #whole: Promise<void> = Promise.resolve();
  #mend: () => void = () => undefined;
  #nextFree = 0;
  readonly #watchers = new Set<() => void>();
  /** Bytes of answers carried back. */
  bytesReturned = 0;
  /** Every request seen, in order. */
  readonly exchanges: Exchange[] = [];
  /** Bytes of bodies a second, over all requests. */
  bytesPerSecond: number = Number.POSITIVE_INFINITY;
  /** Bytes of one body a second, as where packets are lost. */
  bytesPerSecondEach: number = Number.POSITIVE_INFINITY;
  /** Decide what befalls a request; called once for each. */
  fault: (exchange: Exchange) => Fault | undefined = () => undefined;

  constructor(target: URL) {
    this.#target = target;
    this.#server = createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
      // A request that its sender gave up is nobody's failure.
      this.#carry(request, response).catch(() => response.destroy());
    });
    this.#server.on("connection", (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once("close", () => this.#sockets.delete(socket));
    });
  }

  async open(): Promise<void> {
    this.#server.listen(0, "127.0.0.1");
    await once(this.#server, "listening");
  }

  get origin(): string {
    const address = this.#server.address();
    if (address === null || typeof address === "string") throw new Error("Cannot tell the wire's port: it is not open");
    return `http://127.0.0.1:${address.port}`;
  }

  /** Every PUT of a part, in order; the page's question whether CORS admits it names a key of its own. */
  get partPuts(): readonly Exchange[] {
    return this.exchanges.filter(
      ({ method, part, url }) => method === "PUT" && part !== undefined && !url.pathname.endsWith("/naru-probe"),
    );
  }

  /** Numbers of the parts that were taken (2xx). */
  get partsTaken(): readonly number[] {
    return this.partPuts.flatMap(({ part, status = 0 }) =>
      part !== undefined && status < 300 && status > 0 ? [part] : [],
    );
  }

  /** Wait until something holds; asked again whenever bytes or answers have passed. */
  async until(holds: () => boolean, timeoutMs = 180_000): Promise<void> {
    if (holds()) return;
    await new Promise<void>((resolve, reject) => {
      const look = (): void => {
        if (!holds()) return;
        clearTimeout(timer);
        this.#watchers.delete(look);
        resolve();
      };
      const timer = setTimeout(() => {
        this.#watchers.delete(look);
        reject(new Error(`The wire has not seen it after ${this.exchanges.length} requests`));
      }, timeoutMs);
      this.#watchers.add(look);
    });
  }

  /** Carry nothing any more, either way; connections stay open, as on a line that is cut. */
  cut(): void {
    this.#whole = new Promise((resolve) => {
      this.#mend = resolve;
    });
    this.#dead = new Set(this.#sockets);
  }

  /** Carry again. Connections from before the cut stay silent, as TCP's doubled timers keep them. */
  restore(): void {
    this.#mend();
  }

  /** Reset every connection there is. */
  resetAll(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#mend();
    this.#server.close();
    for (const socket of this.#sockets) socket.destroy();
    this.#agent.destroy();
  }

  async #carry(request: IncomingMessage, response: ServerResponse): Promise<void> {
    await this.#passes(request.socket);
    const exchange = this.#note(request);
    const fault = this.fault(exchange);
    if (fault?.kind === "answer") {
      await this.#answer(request, response, exchange, fault);
      return;
    }
    const { expect: _, connection: __, ...headers } = request.headers;
    const upstream = openRequest({
      host: this.#target.hostname,
      port: this.#target.port,
      method: request.method,
      path: request.url,
      headers,
      agent: this.#agent,
    });
    response.once("close", () => upstream.destroy());
    const answered = once(upstream, "response") as Promise<[IncomingMessage]>;
    const sent = pipeline(this.#body(request, exchange, fault), upstream);
    // An answer may come before the body has ended; then the failed send is not the news.
    sent.catch(() => undefined);
    const [answer] = await answered;
    if (fault?.kind === "lose-answer") {
      exchange.status = 0;
      this.#tell();
      answer.resume();
      return;
    }
    await this.#passes(request.socket);
    exchange.status = answer.statusCode;
    this.#tell();
    const hidden = fault?.kind === "hide-header" ? fault.name : "";
    const { [hidden]: _hidden, ...shown } = answer.headers;
    response.writeHead(answer.statusCode ?? 502, hidden === "" ? answer.rawHeaders : shown);
    const mostBytes = fault?.kind === "stall-answer" ? fault.afterBytes : Number.POSITIVE_INFINITY;
    await pipeline(this.#slowed(answer, request.socket, mostBytes), response);
  }

  async *#body(request: IncomingMessage, exchange: Exchange, fault: Fault | undefined): AsyncGenerator<Buffer> {
    let free = performance.now();
    for await (const chunk of request as AsyncIterable<Buffer>) {
      await this.#pace(chunk.length);
      free = Math.max(performance.now(), free) + (chunk.length / this.bytesPerSecondEach) * 1000;
      if (free - performance.now() > 1) await after(free - performance.now());
      await this.#passes(request.socket);
      const before = exchange.bytes;
      exchange.bytes += chunk.length;
      if (fault?.kind === "flip" && fault.byte >= before && fault.byte < exchange.bytes) {
        const at = fault.byte - before;
        chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at);
      }
      if (fault?.kind === "reset" && exchange.bytes >= fault.afterBytes) request.socket.resetAndDestroy();
      if (fault?.kind === "stall" && exchange.bytes >= fault.afterBytes) await once(request.socket, "close");
      yield chunk;
    }
  }

  async *#slowed(answer: IncomingMessage, socket: Socket, mostBytes: number): AsyncGenerator<Buffer> {
    let left = mostBytes;
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      await this.#pace(chunk.length);
      await this.#passes(socket);
      const piece = chunk.subarray(0, left);
      left -= piece.length;
      this.bytesReturned += piece.length;
      this.#tell();
      yield piece;
      if (left === 0) await once(socket, "close");
    }
  }

  async #answer(
    request: IncomingMessage,
    response: ServerResponse,
    exchange: Exchange,
    { status, retryAfter, code = status === 503 ? "SlowDown" : "AccessDenied" }: Extract<Fault, { kind: "answer" }>,
  ): Promise<void> {
    for await (const chunk of request as AsyncIterable<Buffer>) exchange.bytes += chunk.length;
    exchange.status = status;
    this.#tell();
    const wait = retryAfter === undefined ? {} : { "retry-after": String(retryAfter) };
    response.writeHead(status, { ...corsHeaders(request), ...wait, "content-type": "application/xml" });
    response.end(`<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code></Error>`);
  }

  #note(request: IncomingMessage): Exchange {
    const url = new URL(request.url ?? "/", this.#target);
    const method = request.method ?? "GET";
    const number =
      url.searchParams.get("partNumber") ??
      blockNumber(url.searchParams.get("blockid")) ??
      /\/api\/uploads\/[^/]+\/parts\/(\d+)$/.exec(url.pathname)?.[1];
    const part = number === undefined || number === null ? undefined : Number(number);
    const exchange: Exchange = { at: performance.now(), method, url, part, bytes: 0, status: undefined };
    this.exchanges.push(exchange);
    return exchange;
  }

  /** Wait until the wire is whole; on a connection from before a cut, until that closes. */
  async #passes(socket: Socket): Promise<void> {
    await this.#whole;
    if (this.#dead.has(socket) && !socket.destroyed) await once(socket, "close");
  }

  #tell(): void {
    for (const watcher of [...this.#watchers]) watcher();
  }

  async #pace(bytes: number): Promise<void> {
    const now = performance.now();
    this.#nextFree = Math.max(now, this.#nextFree) + (bytes / this.bytesPerSecond) * 1000;
    if (this.#nextFree - now > 1) await after(this.#nextFree - now);
  }
}

/** Of a block at Azure, whose id begins with the part's number. */
function blockNumber(id: string | null): string | undefined {
  return id === null ? undefined : /^\d{6}/.exec(Buffer.from(id, "base64").toString("latin1"))?.[0];
}
