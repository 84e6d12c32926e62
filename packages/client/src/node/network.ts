/** The network of a program in Node, as one pool of connections. */

import type { Fetch } from "../api-call.ts";
import type { GetBytes } from "../get-bytes.ts";
import type { SendBytes } from "../send.ts";
import { callOf } from "./control-call.ts";
import { openRequests } from "./http-requests.ts";
import { sendOf } from "./part-body.ts";
import { openPlainReads } from "./plain-reads.ts";
import type { Reads } from "./undici-get.ts";

/** The network, as one pool of connections. Close it so that the process can end. */
export interface Network extends AsyncDisposable {
  readonly send: SendBytes;
  readonly get: GetBytes;
  /** Say that a chunk that `get` gave is of no use any more, so that its memory can be used again. */
  readonly giveBack?: ((chunk: Uint8Array) => void) | undefined;
  /** For control calls. */
  readonly fetch: Fetch;
  /**
   * How many parts to begin with, by how long connecting took: where hosts are near, many connections lose packets to each
   * other and are slower than a few. `undefined` is as many as there may be: on a far line each carries little.
   */
  readonly initialConcurrency: () => number | undefined;
  /** Whether connecting to one of the hosts took so long that it is far, or nobody knows yet. */
  readonly isFar: () => boolean;
}

const connectTimeoutMs = 10_000;
const nearMs = 10;
const enoughWhereNear = 6;

/** Open a pool of up to `connections` connections for each origin. */
export function openNetwork({ connections = 64 }: { readonly connections?: number } = {}): Network {
  const requests = openRequests({ connections, connectTimeoutMs });
  let reads: Promise<Reads> | undefined;
  const opened = (): Promise<Reads> => {
    reads ??= import("./undici-get.ts").then(({ openReads }) => openReads({ connections, connectTimeoutMs }));
    return reads;
  };
  const plain = openPlainReads(async (url, headers, options) => (await opened()).get(url, headers, options), {
    connectTimeoutMs,
  });
  const isFar = (): boolean => (requests.connectMs ?? nearMs) >= nearMs;
  return {
    send: sendOf(requests),
    get: plain.get,
    giveBack: plain.giveBack,
    initialConcurrency: () => (isFar() ? undefined : enoughWhereNear),
    isFar,
    fetch: callOf(requests, async (url, init) => (await opened()).fetch(url, init)),
    [Symbol.asyncDispose]: async () => {
      requests.close();
      plain.close();
      await (await reads)?.close();
    },
  };
}
