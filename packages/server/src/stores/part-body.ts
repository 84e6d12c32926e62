import { type Abortable, type Body, isTransferError, TransferError } from "@naru/core";

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
  signal?.throwIfAborted();
  if (isChunked(body)) {
    yield* heldBack(body.chunks(), size, options);
    return;
  }
  const reader = body.stream().getReader();
  // A pending read ends when its stream is cancelled.
  const cancel = () => void reader.cancel(signal?.reason).catch(() => {});
  signal?.addEventListener("abort", cancel, { once: true });
  let ended = false;
  try {
    let held: Uint8Array | undefined;
    let length = 0;
    for (;;) {
      const { done, value } = await next(reader, what, signal);
      if (done) break;
      length += value.byteLength;
      if (length > size) throw tooLong(what, size);
      if (value.byteLength === 0) continue;
      if (held !== undefined) yield held;
      held = value;
    }
    ended = true;
    checkLength(length, size, what);
    if (held !== undefined) yield held;
  } finally {
    signal?.removeEventListener("abort", cancel);
    if (!ended) cancel();
  }
}

/** A body in memory, which need not be read through a stream. */
interface ChunkedBody extends Body {
  chunks(): Iterable<Uint8Array>;
}

function isChunked(body: Body): body is ChunkedBody {
  return "chunks" in body && typeof body.chunks === "function";
}

function* heldBack(
  chunks: Iterable<Uint8Array>,
  size: number,
  { signal, what }: ReadExactlyOptions,
): Generator<Uint8Array> {
  let held: Uint8Array | undefined;
  let length = 0;
  for (const chunk of chunks) {
    signal?.throwIfAborted();
    length += chunk.byteLength;
    if (length > size) throw tooLong(what, size);
    if (held !== undefined) yield held;
    held = chunk;
  }
  checkLength(length, size, what);
  if (held !== undefined) yield held;
}

type Reader = ReadableStreamDefaultReader<Uint8Array>;

async function next(reader: Reader, what: string, signal: AbortSignal | undefined): ReturnType<Reader["read"]> {
  try {
    const result = await reader.read();
    signal?.throwIfAborted();
    return result;
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
