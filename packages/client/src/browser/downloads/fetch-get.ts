/** Bodies that come through the page's `fetch`, as they are pulled. */

import type { GetBytes } from "../../get-bytes.ts";
import { unreachable } from "../../send.ts";

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
  const reader = body.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      ended = done;
      if (value === undefined) return;
      yield value;
    }
  } catch (cause) {
    ended = true;
    throw unreachable(url, cause, signal);
  } finally {
    if (!ended) void reader.cancel().catch(() => undefined);
  }
}
