/**
 * Bodies: bytes that can be read again.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import { TransferError } from "./errors.ts";
import type { Abortable, Body, ChunksOptions, Part } from "./store.ts";

/** Read a body chunk by chunk, the cheapest way there is. It ends at once with the signal's reason when the signal aborts. */
export async function* chunksOf(
  body: Body,
  { signal, reuse }: Abortable & ChunksOptions = {},
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, undefined> {
  signal?.throwIfAborted();
  if (body.chunks === undefined) {
    yield* streamed(body, { signal });
    return;
  }
  const chunks = body.chunks({ reuse });
  const reading = Symbol.asyncIterator in chunks ? chunks[Symbol.asyncIterator]() : chunks[Symbol.iterator]();
  try {
    for (;;) {
      const { done, value } = await orAborted(Promise.resolve(reading.next()), { signal });
      if (done) return;
      signal?.throwIfAborted();
      yield value;
    }
  } finally {
    const ended = Promise.resolve(reading.return?.()).catch(() => undefined);
    // One that waits for bytes may do so for long: it ends when they have come.
    if (!signal?.aborted) await ended;
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
