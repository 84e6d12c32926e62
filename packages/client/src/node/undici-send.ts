/** Bodies and reads through undici: many connections, no time limit on a slow body, backpressure all the way. */

import type { Readable } from "node:stream";
import { type Abortable, type Body, chunksOf, TransferError } from "@naru/core";
import { Agent, type Dispatcher, fetch as undiciFetch } from "undici";
import type { Fetch } from "../api-call.ts";
import type { GetBytes, GetResponse } from "../get-bytes.ts";
import { type SendBytes, type SendResponse, unreachable } from "../send.ts";

/** The network, as one pool of connections. Close it so that the process can end. */
export interface Network extends AsyncDisposable {
  readonly send: SendBytes;
  readonly get: GetBytes;
  /** For control calls, over the same connections. */
  readonly fetch: Fetch;
}

const connectTimeoutMs = 10_000;

/** Open a pool of up to `connections` connections for each origin. */
export function openNetwork({ connections = 64 }: { readonly connections?: number } = {}): Network {
  // A body on a slow line takes as long as it takes: the engine's watchdog tells slow from stalled.
  const options = {
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    // Wine refuses TCP's keep-alive before the connection is there; the watchdog sees a dead one as well.
    connect: { timeout: connectTimeoutMs, keepAlive: process.platform !== "win32" },
  };
  const agent = new Agent(options);
  // Without pipelining a connection is used once.
  const once = new Agent({ ...options, pipelining: 0 });
  return {
    send: (request) => send(request.fresh === true ? once : agent, request),
    get: (url, headers, options) => get(agent, url, { headers, ...options }),
    fetch: (url, init) => fetchThrough(agent, url, init),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([agent.destroy(), once.destroy()]);
    },
  };
}

async function send(agent: Agent, request: Parameters<SendBytes>[0]): Promise<SendResponse> {
  const { method, url, headers, body, signal, onProgress } = request;
  signal?.throwIfAborted();
  try {
    const answer = await agent.request({
      ...target(url),
      method,
      headers: { ...headers, "content-length": String(body.size) },
      body: body.size === 0 ? null : outgoing(body, onProgress),
      signal: signal ?? null,
    });
    return { status: answer.statusCode, headers: headersOf(answer), text: () => answer.body.text() };
  } catch (cause) {
    throw failure(url, cause, signal);
  }
}

/** Not through a Readable, which would ask for a chunk before the last one has gone. */
function outgoing(body: Body, onProgress: ((sent: number) => void) | undefined): Readable {
  // Documented for `dispatch` as "Iterable | AsyncIterable"; its type names leave that out.
  return counted(chunksOf(body, { reuse: true }), onProgress) as unknown as Readable;
}

async function fetchThrough(dispatcher: Agent, url: string, init: RequestInit): Promise<Response> {
  // undici's fetch and Node's are one program under two sets of type names.
  const same = init as unknown as NonNullable<Parameters<typeof undiciFetch>[1]>;
  return (await undiciFetch(url, { ...same, dispatcher })) as unknown as Response;
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  onProgress: ((sent: number) => void) | undefined,
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  for await (const chunk of stream) {
    yield chunk;
    // Asked for the next chunk only once this one has gone to the socket.
    sent += chunk.byteLength;
    onProgress?.(sent);
  }
}

async function get(
  agent: Agent,
  url: string,
  { headers, signal }: { headers: Readonly<Record<string, string>> } & Abortable,
): Promise<GetResponse> {
  try {
    const answer = await agent.request({
      ...target(url),
      method: "GET",
      headers: { ...headers },
      signal: signal ?? null,
    });
    return {
      status: answer.statusCode,
      headers: headersOf(answer),
      body: readable(url, answer.body, signal),
      discard: () => {
        answer.body.on("error", () => undefined);
        answer.body.destroy();
      },
    };
  } catch (cause) {
    throw failure(url, cause, signal);
  }
}

async function* readable(
  url: string,
  body: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw failure(url, cause, signal);
  }
}

function target(url: string): { origin: string; path: string } {
  const { origin, pathname, search } = new URL(url);
  return { origin, path: `${pathname}${search}` };
}

function headersOf({ headers }: Dispatcher.ResponseData): Pick<Headers, "get"> {
  return {
    get: (name) => {
      const value = headers[name.toLowerCase()];
      return (Array.isArray(value) ? value[0] : value) ?? null;
    },
  };
}

function failure(url: string, cause: unknown, signal: AbortSignal | undefined): TransferError {
  // A source that failed while it was read says so itself.
  if (cause instanceof TransferError) return cause;
  if (cause instanceof Error && "code" in cause && cause.code === "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH") {
    return new TransferError("short-body", "Cannot send the body: it is not as long as it says", { cause });
  }
  return unreachable(url, cause, signal);
}
