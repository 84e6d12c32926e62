/**
 * A network that is not used faster than it may be: one speed for everything that goes over it, to our server and straight
 * to the store, there and back.
 *
 * @module
 */

import { type Abortable, type Body, type Clock, chunksOf, KiB, pace } from "@naru/core";
import { systemClock } from "../clock.ts";
import type { GetResponse } from "../get-bytes.ts";
import type { SendRequest } from "../send.ts";
import type { Network } from "./network.ts";

export interface PacedNetworkOptions {
  readonly bytesPerSecond: number;
  readonly clock?: Clock | undefined;
}

type Pass = (bytes: number, options?: Abortable) => Promise<void>;

/** Control calls carry a few bytes, and waiting for their turn would only make them late. */
const smallCall = 64 * KiB;

/** Hold the bodies of all that `network` sends and gets to one speed together. Closing it closes `network`. */
export function pacedNetwork(network: Network, { bytesPerSecond, clock = systemClock }: PacedNetworkOptions): Network {
  const pass = pace({ clock, bytesPerSecond: () => bytesPerSecond });
  // A slow line still moves a few times a second, so that nobody takes it for a dead one.
  const slice = Math.min(64 * KiB, Math.max(KiB, Math.floor(bytesPerSecond / 8)));
  const send = (request: SendRequest) => network.send({ ...request, body: pacedBody(request, pass, slice) });
  return {
    send,
    initialConcurrency: network.initialConcurrency,
    isFar: network.isFar,
    get: async (url, headers, options) => {
      const answer = await network.get(url, headers, options);
      return { ...answer, body: pacedChunks(answer, { pass, slice, giveBack: network.giveBack, ...options }) };
    },
    fetch: async (url, init) => {
      const { method = "GET", headers, signal } = init;
      const body = init.body instanceof Uint8Array ? new Blob([Uint8Array.from(init.body)]) : init.body;
      if (!(body instanceof Blob) || body.size <= smallCall) return network.fetch(url, init);
      const plain = Object.fromEntries(new Headers(headers));
      const answer = await send({ method: methodOf(method), url, headers: plain, body, signal: signal ?? undefined });
      const retryAfter = answer.headers.get("retry-after");
      const told = retryAfter === null ? {} : { headers: { "retry-after": retryAfter } };
      return new Response(await answer.text(), { status: answer.status, ...told });
    },
    [Symbol.asyncDispose]: () => network[Symbol.asyncDispose](),
  };
}

function methodOf(method: string): SendRequest["method"] {
  return method === "POST" ? "POST" : "PUT";
}

function pacedBody({ body, signal }: SendRequest, pass: Pass, slice: number): Body {
  async function* slices(): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
    // Memory that is used again would be overwritten while a slice of it still waits in a socket.
    for await (const chunk of chunksOf(body, { signal, reuse: false })) {
      for (let at = 0; at < chunk.length; at += slice) {
        const piece = chunk.subarray(at, at + slice);
        await pass(piece.length, { signal });
        yield piece;
      }
    }
  }
  return { size: body.size, stream: () => body.stream(), chunks: slices };
}

interface Pacing extends Abortable, Pick<Network, "giveBack"> {
  readonly pass: Pass;
  readonly slice: number;
}

async function* pacedChunks(
  { body }: GetResponse,
  { pass, slice, giveBack, signal }: Pacing,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of body) {
    for (let at = 0; at < chunk.length; at += slice) {
      // Copied, since the memory of the chunk is used again as a whole.
      const piece = chunk.slice(at, at + slice);
      await pass(piece.length, { signal });
      yield piece;
    }
    giveBack?.(chunk);
  }
}
