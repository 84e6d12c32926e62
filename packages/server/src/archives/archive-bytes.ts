import {
  type Abortable,
  type ByteRange,
  bytesWithin,
  type Files,
  frame,
  isFramed,
  KiB,
  MiB,
  TransferError,
  type ZipPiece,
} from "@naru/core";
import { mapPool } from "../pool.ts";
import type { Archive } from "./archive.ts";
import { Slabs, slabSize } from "./slabs.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** Files up to this size are read before their turn comes, these many bytes and files of them. */
const smallSize = slabSize;
const aheadBytes = 8 * MiB;
const aheadFiles = 16;
/** Pieces without data that wait behind files that are read ahead. */
const aheadPieces = 64;
/** Files read at once for nothing but their CRC-32. */
const checksumsAtOnce = 8;
const outSize = 256 * KiB;

export interface ArchiveSource extends Abortable {
  readonly archive: Archive;
  readonly files: Pick<Files, "read">;
}

/** One reader of an archive, and the memory that its bytes pass through. */
interface Reading extends ArchiveSource {
  readonly slabs: Slabs;
}

/**
 * Read a range of an archive. A chunk is good until the next but one is asked for.
 *
 * @throws {TransferError} `conflict` or `not-found` for a file that is no longer what it was
 */
export async function* archiveBytes(source: ArchiveSource, range: ByteRange): AsyncGenerator<Bytes, void, undefined> {
  const stop = new AbortController();
  const signal = source.signal === undefined ? stop.signal : AbortSignal.any([source.signal, stop.signal]);
  try {
    yield* chunksOf({ ...source, signal, slabs: new Slabs() }, range);
  } finally {
    stop.abort();
    await source.archive.note();
  }
}

/** A piece, and the bytes of the file in it where they are read already. */
interface Ahead {
  readonly piece: ZipPiece;
  readonly read?: Promise<readonly FileChunk[]> | undefined;
}

interface FileChunk {
  /** Where in the file. */
  readonly at: number;
  readonly chunk: Bytes;
}

/** Gather pieces into chunks of a size that is worth a write. */
async function* chunksOf(reading: Reading, range: ByteRange): AsyncGenerator<Bytes, void, undefined> {
  const { archive, slabs } = reading;
  const out = new Gathered();
  for await (const { piece, read } of readAhead(reading, range)) {
    if (piece.of !== "data") {
      if (piece.of === "descriptor" || piece.of === "record") await needChecksums(reading, piece);
      yield* out.add(archive.layout.bytesOf(piece, (entry) => archive.crc32Of(entry) ?? 0));
      continue;
    }
    const { entry, start, end } = piece;
    const file = archive.fileOf(entry);
    const framed = isFramed(file);
    for await (const { at, chunk } of (await read) ?? fileChunks(reading, entry, rangeOf(reading, piece))) {
      if (archive.wantsBytes(entry)) await archive.addBytes(entry, at, chunk);
      if (!framed) yield* out.add(chunk);
      else for (const part of frame(chunk, at, { range: { start, end }, size: file.size })) yield* out.add(part);
      slabs.give(chunk);
    }
  }
  yield* out.rest();
}

/** Pieces in order, small files being read while those before them are sent. */
async function* readAhead(reading: Reading, range: ByteRange): AsyncGenerator<Ahead, void, undefined> {
  const pieces = reading.archive.layout.pieces(range);
  const queue: Ahead[] = [];
  let bytesAhead = 0;
  let filesAhead = 0;
  let ended = false;
  const fill = (): void => {
    while (!ended && bytesAhead < aheadBytes && filesAhead < aheadFiles && queue.length < aheadPieces) {
      const { done, value: piece } = pieces.next();
      if (done) ended = true;
      else if (piece.of === "data" && piece.end - piece.start <= smallSize) {
        bytesAhead += piece.end - piece.start;
        filesAhead += 1;
        const read = wholeOf(reading, piece);
        // Its failure is met when its turn comes; until then it must not count as unhandled.
        read.catch(() => undefined);
        queue.push({ piece, read });
      } else queue.push({ piece });
    }
  };
  for (;;) {
    fill();
    const next = queue.shift();
    if (next === undefined) return;
    yield next;
    if (next.read === undefined) continue;
    bytesAhead -= next.piece.end - next.piece.start;
    filesAhead -= 1;
  }
}

/** The bytes of a file that a piece of data is made of. */
function rangeOf({ archive }: Reading, { entry, start, end }: ZipPiece): ByteRange {
  const file = archive.fileOf(entry);
  return isFramed(file) ? bytesWithin({ start, end }, file.size) : { start, end };
}

async function wholeOf(reading: Reading, piece: ZipPiece): Promise<readonly FileChunk[]> {
  const chunks: FileChunk[] = [];
  for await (const chunk of fileChunks(reading, piece.entry, rangeOf(reading, piece))) chunks.push(chunk);
  return chunks;
}

/** @throws {TransferError} `conflict` if they are fewer or more than they should be */
async function* fileChunks(
  { archive, files, signal, slabs }: Reading,
  entry: number,
  range: ByteRange,
): AsyncGenerator<FileChunk, void, undefined> {
  const { path, etag, size } = archive.fileOf(entry);
  const part = range.start === 0 && range.end === size ? {} : { range };
  const allocate = (wanted: number): Bytes => slabs.take(wanted);
  const stream = await files.read(path, { ...part, etag, signal, allocate });
  let at = range.start;
  for await (const chunk of stream) {
    if (at + chunk.length > range.end) throw changed(path);
    yield { at, chunk };
    at += chunk.length;
  }
  if (at < range.end) throw changed(path);
}

function changed(path: string): TransferError {
  return new TransferError("conflict", `Cannot read "${path}": it has changed`);
}

/** Have the CRC-32 that a piece needs, and those that the records behind it need: read what is not known of those files. */
async function needChecksums(reading: Reading, { of, entry }: ZipPiece): Promise<void> {
  const { archive, slabs } = reading;
  if (archive.crc32Of(entry) !== undefined) return;
  const last = of === "record" ? Math.min(entry + aheadPieces, archive.layout.entries.length) : entry + 1;
  const unknown = Array.from({ length: last - entry }, (_, i) => entry + i).filter((i) => archive.wantsBytes(i));
  await mapPool(unknown, checksumsAtOnce, async (number) => {
    const checksum = archive.checksumOf(number);
    for (let missing = checksum.missing; missing !== undefined; missing = checksum.missing) {
      for await (const { at, chunk } of fileChunks(reading, number, missing)) {
        await archive.addBytes(number, at, chunk);
        slabs.give(chunk);
      }
    }
  });
}

/** Chunks of one size, in buffers that take turns. */
class Gathered {
  readonly #buffers: Bytes[] = [new Uint8Array(outSize), new Uint8Array(outSize), new Uint8Array(outSize)];
  #filled = 0;

  *add(bytes: Bytes): Generator<Bytes, void, undefined> {
    for (let from = 0; from < bytes.length; ) {
      const [buffer] = this.#buffers;
      if (buffer === undefined) return;
      const taken = Math.min(bytes.length - from, outSize - this.#filled);
      buffer.set(bytes.subarray(from, from + taken), this.#filled);
      this.#filled += taken;
      from += taken;
      if (this.#filled < outSize) continue;
      this.#buffers.push(buffer);
      this.#buffers.shift();
      this.#filled = 0;
      yield buffer;
    }
  }

  *rest(): Generator<Bytes, void, undefined> {
    const [buffer] = this.#buffers;
    if (buffer !== undefined && this.#filled > 0) yield buffer.subarray(0, this.#filled);
  }
}
