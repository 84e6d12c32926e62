/**
 * Bodies: bytes that can be read again.
 *
 * @module
 */

import { TransferError } from "./errors.ts";
import type { Abortable, Body, ChunksOptions, Part } from "./store.ts";

/**
 * Read a body chunk by chunk, the cheapest way there is. It ends with the signal's reason when the signal aborts, at once
 * where the body is a stream.
 */
export async function* chunksOf(
  body: Body,
  { signal, reuse }: Abortable & ChunksOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  signal?.throwIfAborted();
  if (body.chunks === undefined) {
    yield* streamed(body, { signal });
    return;
  }
  for await (const chunk of body.chunks({ reuse })) {
    signal?.throwIfAborted();
    yield chunk;
  }
}

async function* streamed(body: Body, { signal }: Abortable): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  const reader = body.stream().getReader();
  // A cancelled reader ends as if the body did; the loop below tells the two apart.
  const stop = (): void => void reader.cancel(signal?.reason).catch(() => undefined);
  signal?.addEventListener("abort", stop, { once: true });
  try {
    for (;;) {
      const { done, value } = await reader.read();
      signal?.throwIfAborted();
      if (done) return;
      yield value;
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    stop();
  }
}

/** Make the error of a body that ends too early or goes on too long. */
export function bodyError(part: Part, code: "short-body" | "long-body"): TransferError {
  const fault = code === "short-body" ? "ends before" : "goes on after";
  return new TransferError(code, `Cannot put part "${part.number}": its body ${fault} ${part.size} bytes`);
}
