/** Reads over HTTP without TLS, straight into memory that is used again. */

import type { Abortable } from "@naru/core";
import type { GetBytes, GetResponse } from "../get-bytes.ts";
import { unreachable } from "../send.ts";
import { ChunkPool } from "./chunk-pool.ts";
import { type PlainAnswer, PlainConnection } from "./plain-connection.ts";

/** A pool of connections for reads. */
export interface PlainReads {
  readonly get: GetBytes;
  /** Say that a chunk of a body is of no use any more, so that its memory can be used again. */
  readonly giveBack: (chunk: Uint8Array) => void;
  close(): void;
}

const idleMs = 30_000;

/** Open a pool of connections. What is not plain HTTP with bodies of a length said beforehand goes through `whole`. */
export function openPlainReads(
  whole: GetBytes,
  { connectTimeoutMs }: { readonly connectTimeoutMs: number },
): PlainReads {
  const pool = new ChunkPool();
  const all = new Set<PlainConnection>();
  const idle = new Map<string, PlainConnection[]>();
  /** Hosts that have answered otherwise. */
  const odd = new Set<string>();
  const connectionTo = ({
    host,
    hostname,
    port,
  }: URL): { readonly connection: PlainConnection; readonly isReused: boolean } => {
    const resting = idle.get(host) ?? [];
    idle.set(host, resting);
    for (let rested = resting.pop(); rested !== undefined; rested = resting.pop()) {
      if (rested.isOpen) return { connection: rested, isReused: true };
    }
    const connection = new PlainConnection({
      host: hostname.replace(/^\[(.*)\]$/, "$1"),
      port: Number(port || 80),
      pool,
      connectTimeoutMs,
      onIdle: (rested) => {
        rested.rest(idleMs);
        resting.push(rested);
      },
      onClosed: (closed) => void all.delete(closed),
    });
    all.add(connection);
    return { connection, isReused: false };
  };
  const ask = async (url: URL, head: string, options: Abortable): Promise<GetResponse | undefined> => {
    for (;;) {
      const { connection, isReused } = connectionTo(url);
      try {
        const answer = await connection.ask(head, options);
        if (answer === undefined) odd.add(url.host);
        return answer && responseOf(url, answer, { connection, signal: options.signal });
      } catch (cause) {
        // A connection that has rested may have been closed at the other end meanwhile.
        if (!isReused || connection.hasHeard || options.signal?.aborted)
          throw unreachable(url.href, cause, options.signal);
      }
    }
  };
  return {
    get: async (url, headers, options = {}) => {
      options.signal?.throwIfAborted();
      const parsed = new URL(url);
      if (parsed.protocol !== "http:" || odd.has(parsed.host)) return whole(url, headers, options);
      const head = requestHead(parsed, headers);
      const answer = head === undefined ? undefined : await ask(parsed, head, options);
      return answer ?? whole(url, headers, options);
    },
    giveBack: (chunk) => pool.giveBack(chunk),
    close: () => {
      for (const connection of all) connection.destroy();
    },
  };
}

/** `undefined` if a header holds what does not belong there. */
function requestHead({ host, pathname, search }: URL, headers: Readonly<Record<string, string>>): string | undefined {
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const isClean = lines.every((line) => /^[!#$%&'*+.^_`|~0-9A-Za-z-]+: [\t\x20-\x7e\x80-\xff]*\r\n$/.test(line));
  return isClean ? `GET ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n` : undefined;
}

function responseOf(
  url: URL,
  { status, headers, body }: PlainAnswer,
  { connection, signal }: Abortable & { readonly connection: PlainConnection },
): GetResponse {
  const discard = (): void => {
    // One that has come whole belongs to others by now.
    if (body.left > 0) connection.destroy();
  };
  async function* chunks(): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* body.chunks();
    } catch (cause) {
      throw unreachable(url.href, cause, signal);
    } finally {
      discard();
    }
  }
  return { status, headers, body: chunks(), discard };
}
