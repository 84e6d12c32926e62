/**
 * Reads through undici: many connections, no time limit on a slow body, backpressure all the way. Loaded by the first that
 * is read, since sending does not need it.
 *
 * @module
 */

import { type Abortable, TransferError } from "@naru/core";
import { Agent, type Dispatcher, fetch as undiciFetch } from "undici";
import type { GetBytes, GetResponse } from "../get-bytes.ts";
import { unreachable } from "../send.ts";

/** A pool of connections for reads. */
export interface Reads {
  readonly get: GetBytes;
  /** `fetch` as a browser has it, with all its rules. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  close(): Promise<void>;
}

/** Open a pool of up to `connections` connections for each origin. */
export function openReads({
  connections,
  connectTimeoutMs,
}: {
  readonly connections: number;
  readonly connectTimeoutMs: number;
}): Reads {
  // A body on a slow line takes as long as it takes: the engine's watchdog tells slow from stalled.
  const agent = new Agent({
    connections,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: 30_000,
    // Wine refuses TCP's keep-alive before the connection is there; the watchdog sees a dead one as well.
    connect: { timeout: connectTimeoutMs, keepAlive: process.platform !== "win32" },
  });
  return {
    get: (url, headers, options) => get(agent, url, { headers, ...options }),
    fetch: async (url, init) => {
      // undici's fetch and Node's are one program under two sets of type names.
      const same = init as unknown as NonNullable<Parameters<typeof undiciFetch>[1]>;
      return (await undiciFetch(url, { ...same, dispatcher: agent })) as unknown as Response;
    },
    close: () => agent.destroy(),
  };
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
  return cause instanceof TransferError ? cause : unreachable(url, cause, signal);
}
