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

type Bytes = Uint8Array<ArrayBuffer>;

/** Files up to this size are read before their turn comes, these many bytes and files of them. */
const smallSize = 1 * MiB;
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

/**
 * Read a range of an archive.
 *
 * @throws {TransferError} `conflict` or `not-found` for a file that is no longer what it was
 */
export async function* archiveBytes(source: ArchiveSource, range: ByteRange): AsyncGenerator<Bytes, void, undefined> {
  const stop = new AbortController();
  const signal = source.signal === undefined ? stop.signal : AbortSignal.any([source.signal, stop.signal]);
  try {
    yield* gathered(chunksOf({ ...source, signal }, range));
  } finally {
    stop.abort();
    await source.archive.note();
  }
}

/** A piece, and the bytes of the file in it where they are read already. */
interface Ahead {
  readonly piece: ZipPiece;
  readonly bytes?: Promise<Bytes> | undefined;
}

async function* chunksOf(source: ArchiveSource, range: ByteRange): AsyncGenerator<Bytes, void, undefined> {
  const { archive } = source;
  for await (const { piece, bytes } of readAhead(source, range)) {
    if (piece.of === "data") {
      yield* dataOf(source, piece, bytes);
      continue;
    }
    if (piece.of === "descriptor" || piece.of === "record") await needChecksums(source, piece);
    yield archive.layout.bytesOf(piece, (entry) => archive.crc32Of(entry) ?? 0);
  }
}

/** Pieces in order, small files being read while those before them are sent. */
async function* readAhead(source: ArchiveSource, range: ByteRange): AsyncGenerator<Ahead, void, undefined> {
  const pieces = source.archive.layout.pieces(range);
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
        const bytes = wholeOf(source, piece);
        // Its failure is met when its turn comes; until then it must not count as unhandled.
        bytes.catch(() => undefined);
        queue.push({ piece, bytes });
      } else queue.push({ piece });
    }
  };
  for (;;) {
    fill();
    const next = queue.shift();
    if (next === undefined) return;
    yield next;
    if (next.bytes === undefined) continue;
    bytesAhead -= next.piece.end - next.piece.start;
    filesAhead -= 1;
  }
}

/** The bytes of a file that a piece of data is made of. */
function rangeOf({ archive }: ArchiveSource, { entry, start, end }: ZipPiece): ByteRange {
  const file = archive.fileOf(entry);
  return isFramed(file) ? bytesWithin({ start, end }, file.size) : { start, end };
}

async function wholeOf(source: ArchiveSource, piece: ZipPiece): Promise<Bytes> {
  const range = rangeOf(source, piece);
  const whole = new Uint8Array(range.end - range.start);
  for await (const { at, chunk } of fileChunks(source, piece.entry, range)) {
    if (at === range.start && chunk.length === whole.length) return chunk;
    whole.set(chunk, at - range.start);
  }
  return whole;
}

async function* dataOf(
  source: ArchiveSource,
  piece: ZipPiece,
  read: Promise<Bytes> | undefined,
): AsyncGenerator<Bytes, void, undefined> {
  const { archive } = source;
  const { entry, start, end } = piece;
  const file = archive.fileOf(entry);
  const range = rangeOf(source, piece);
  const chunks = read === undefined ? fileChunks(source, entry, range) : [{ at: range.start, chunk: await read }];
  for await (const { at, chunk } of chunks) {
    if (archive.wantsBytes(entry)) await archive.addBytes(entry, at, chunk);
    yield isFramed(file) ? frame(chunk, at, { range: { start, end }, size: file.size }) : chunk;
  }
}

/** @throws {TransferError} `conflict` if they are fewer or more than they should be */
async function* fileChunks(
  { archive, files, signal }: ArchiveSource,
  entry: number,
  range: ByteRange,
): AsyncGenerator<{ readonly at: number; readonly chunk: Bytes }, void, undefined> {
  const { path, etag, size } = archive.fileOf(entry);
  const part = range.start === 0 && range.end === size ? {} : { range };
  const stream = await files.read(path, { ...part, etag, signal });
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
async function needChecksums(source: ArchiveSource, { of, entry }: ZipPiece): Promise<void> {
  const { archive } = source;
  if (archive.crc32Of(entry) !== undefined) return;
  const last = of === "record" ? Math.min(entry + aheadPieces, archive.layout.entries.length) : entry + 1;
  const unknown = Array.from({ length: last - entry }, (_, i) => entry + i).filter((i) => archive.wantsBytes(i));
  await mapPool(unknown, checksumsAtOnce, async (number) => {
    const checksum = archive.checksumOf(number);
    for (let missing = checksum.missing; missing !== undefined; missing = checksum.missing) {
      for await (const { at, chunk } of fileChunks(source, number, missing)) await archive.addBytes(number, at, chunk);
    }
  });
}

/** Chunks of a size that is worth a write. Large ones are passed on as they are. */
async function* gathered(chunks: AsyncIterable<Bytes>): AsyncGenerator<Bytes, void, undefined> {
  let out = new Uint8Array(outSize);
  let filled = 0;
  for await (const chunk of chunks) {
    let from = 0;
    while (from < chunk.length) {
      const taken = Math.min(chunk.length - from, outSize - filled);
      out.set(chunk.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      if (filled < outSize) continue;
      yield out;
      out = new Uint8Array(outSize);
      filled = 0;
    }
  }
  if (filled > 0) yield out.subarray(0, filled);
}
