/**
 * Bodies that must have the size they are said to have.
 *
 * @module
 */

import { chunksOf } from "./body.ts";
import { isTransferError, TransferError } from "./errors.ts";
import type { Abortable, Body } from "./store.ts";

/** How a body of a known size is read. */
export interface ReadExactlyOptions extends Abortable {
  /** What is read, for messages: `part 3 of "a.bin"`. */
  readonly what: string;
}

/**
 * Read a body that must be exactly `size` bytes long.
 *
 * The last chunk is held back until the body has ended, so that whoever forwards the chunks never hands over a
 * complete body that later turns out to be too long.
 *
 * @throws {TransferError} `short-body`, also when the body's stream breaks; `long-body`
 */
export async function* readExactly(body: Body, size: number, options: ReadExactlyOptions): AsyncGenerator<Uint8Array> {
  const { signal, what } = options;
  checkLength(body.size, size, what);
  let held: Uint8Array | undefined;
  let length = 0;
  const chunks = chunksOf(body, { signal });
  try {
    for (;;) {
      const { done, value } = await next(chunks, what, signal);
      if (done) break;
      length += value.byteLength;
      if (length > size) throw tooLong(what, size);
      if (value.byteLength === 0) continue;
      if (held !== undefined) yield held;
      held = value;
    }
  } finally {
    await chunks.return();
  }
  checkLength(length, size, what);
  if (held !== undefined) yield held;
}

type Chunks = AsyncGenerator<Uint8Array, void, undefined>;

async function next(chunks: Chunks, what: string, signal: AbortSignal | undefined): ReturnType<Chunks["next"]> {
  try {
    return await chunks.next();
  } catch (cause) {
    signal?.throwIfAborted();
    if (isTransferError(cause)) throw cause;
    throw new TransferError("short-body", `Cannot read ${what}: its body was cut off`, { cause });
  }
}

function checkLength(length: number, size: number, what: string): void {
  if (length < size) {
    throw new TransferError("short-body", `Cannot accept ${what}: its body has ${length} bytes instead of ${size}`);
  }
  if (length > size) throw tooLong(what, size);
}

function tooLong(what: string, size: number): TransferError {
  return new TransferError("long-body", `Cannot accept ${what}: its body has more than ${size} bytes`);
}
