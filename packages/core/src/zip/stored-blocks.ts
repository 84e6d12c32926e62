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

/** Frame the bytes of a file from `at` on; what lies outside the range is left out. */
export function frame(chunk: Uint8Array<ArrayBuffer>, at: number, { range, size }: Framing): Uint8Array<ArrayBuffer> {
  const firstFrame = Math.ceil(at / blockSize);
  const frames = Math.ceil((at + chunk.length) / blockSize) - firstFrame;
  const framed = new Uint8Array(chunk.length + frames * frameSize);
  const begin = at % blockSize === 0 ? (at / blockSize) * framedBlock : at + firstFrame * frameSize;
  let from = 0;
  let to = 0;
  while (from < chunk.length) {
    const place = at + from;
    if (place % blockSize === 0) {
      writeFrame(framed, to, size - place);
      to += frameSize;
    }
    const taken = Math.min(chunk.length - from, blockSize - (place % blockSize));
    framed.set(chunk.subarray(from, from + taken), to);
    from += taken;
    to += taken;
  }
  return framed.subarray(Math.max(0, range.start - begin), Math.min(framed.length, range.end - begin));
}

function writeFrame(target: Uint8Array, to: number, rest: number): void {
  const length = Math.min(rest, blockSize);
  target[to] = rest <= blockSize ? 1 : 0;
  target[to + 1] = length & 0xff;
  target[to + 2] = length >>> 8;
  target[to + 3] = ~length & 0xff;
  target[to + 4] = (~length >>> 8) & 0xff;
}
