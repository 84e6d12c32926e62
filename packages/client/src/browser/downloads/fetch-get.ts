/** Bodies that come through the page's `fetch`, as they are pulled. */

import type { GetBytes } from "../../get-bytes.ts";
import { unreachable } from "../../send.ts";

const largestPiece = 512 * 1024;

/** Get a URL; cookies go along only to the page's own origin. */
export const fetchGet: GetBytes = async (url, headers, { signal } = {}) => {
  const response = await fetch(url, {
    headers: { ...headers },
    credentials: "same-origin",
    cache: "no-store",
    signal: signal ?? null,
  }).catch((cause: unknown) => {
    throw unreachable(url, cause, signal);
  });
  const { status, body } = response;
  return {
    status,
    headers: response.headers,
    body: chunks(url, body, signal),
    discard: () => {
      // A body that broke off meanwhile is as good as thrown away.
      void body?.cancel().catch(() => undefined);
    },
  };
};

async function* chunks(
  url: string,
  body: ReadableStream<Uint8Array> | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<Uint8Array, void, undefined> {
  if (body === null) return;
  const reader = readerOf(body);
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (done || value === undefined) return;
      yield value;
    }
  } catch (cause) {
    ended = true;
    throw unreachable(url, cause, signal);
  } finally {
    if (!ended) void reader.cancel().catch(() => undefined);
  }
}

interface Reader {
  read(): Promise<{ readonly done: boolean; readonly value?: Uint8Array | undefined }>;
  cancel(): Promise<void>;
}

/**
 * Whatever has come is taken at once, so that few pieces go through many hands: that halves the time of a fast download. Not
 * all browsers can do it.
 */
function readerOf(body: ReadableStream<Uint8Array>): Reader {
  let reader: ReadableStreamBYOBReader;
  try {
    reader = body.getReader({ mode: "byob" });
  } catch {
    return body.getReader();
  }
  let room = new ArrayBuffer(largestPiece);
  return {
    async read() {
      const { done, value } = await reader.read(new Uint8Array(room));
      if (value === undefined) return { done };
      // Of a slow line the pieces are small: each would hold far more memory than it fills.
      const isSmall = value.length < largestPiece / 4;
      room = isSmall ? value.buffer : new ArrayBuffer(largestPiece);
      return { done, value: isSmall ? value.slice() : value };
    },
    cancel: () => reader.cancel(),
  };
}
