/**
 * DEFLATE without compression (RFC 1951, 3.2.4): blocks of up to 65,535 bytes, each with five bytes in front. A reader sees by
 * them where a file ends, also in a stream, and their length is known beforehand.
 *
 * @module
 */

import type { ByteRange } from "../store.ts";

const blockSize = 65_535;
const frameSize = 5;
const framedBlock = blockSize + frameSize;

/** How many bytes `size` bytes become; an empty file has one empty block. */
export function framedSize(size: number): number {
  return size + frameSize * Math.max(1, Math.ceil(size / blockSize));
}

/** Which bytes of a file are needed for a range of the framed ones. It may begin and end within a frame. */
export function bytesWithin({ start, end }: ByteRange, size: number): ByteRange {
  const last = Math.floor((end - 1) / framedBlock);
  // A frame comes with the first byte behind it.
  const needed = Math.max(end - last * framedBlock - frameSize, 1);
  return { start: bytesBefore(start), end: Math.min(size, last * blockSize + needed) };
}

/** How many bytes of the file stand before a place among the framed ones. */
function bytesBefore(place: number): number {
  const block = Math.floor(place / framedBlock);
  return block * blockSize + Math.max(0, place - block * framedBlock - frameSize);
}

/** What of the framed bytes is wanted, of which file. */
export interface Framing {
  readonly range: ByteRange;
  readonly size: number;
}

/** Frame the bytes of a file from `at` on, without copying them; what lies outside the range is left out. */
export function* frame(
  chunk: Uint8Array<ArrayBuffer>,
  at: number,
  { range, size }: Framing,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const before = Math.ceil(at / blockSize);
  let place = at % blockSize === 0 ? before * framedBlock : at + before * frameSize;
  for (let from = 0; from < chunk.length; ) {
    const offset = at + from;
    if (offset % blockSize === 0) {
      yield* within(frameOf(size - offset), place, range);
      place += frameSize;
    }
    const taken = Math.min(chunk.length - from, blockSize - (offset % blockSize));
    yield* within(chunk.subarray(from, from + taken), place, range);
    from += taken;
    place += taken;
  }
}

function* within(
  bytes: Uint8Array<ArrayBuffer>,
  place: number,
  { start, end }: ByteRange,
): Generator<Uint8Array<ArrayBuffer>, void, undefined> {
  const clipped = bytes.subarray(Math.max(0, start - place), Math.max(0, Math.min(bytes.length, end - place)));
  if (clipped.length > 0) yield clipped;
}

function frameOf(rest: number): Uint8Array<ArrayBuffer> {
  const length = Math.min(rest, blockSize);
  const last = rest <= blockSize ? 1 : 0;
  return new Uint8Array([last, length & 0xff, length >>> 8, ~length & 0xff, (~length >>> 8) & 0xff]);
}
