/**
 * CRC-64/NVME (NVM Express Base Specification 2.0, 5.2.1.3.4; S3's `x-amz-checksum-crc64nvme`): reflected, polynomial
 * ad93d23594c93659, all ones in and out. Its worth here: the CRCs of parts combine into that of the file.
 *
 * A 64-bit number is kept as two 32-bit halves, since `BigInt` is some hundred times slower.
 *
 * @module
 */

import { TransferError } from "./errors.ts";
import { crc64Tables, timesX, type Word } from "./lanes/crc64-tables.ts";

const { highs, lows } = crc64Tables;

/** The CRC-64/NVME of no bytes. */
export const emptyCrc64: string = "0000000000000000";

/** A CRC-64/NVME in the making. */
export class Crc64 {
  #hi = -1;
  #lo = -1;

  /** Take in more bytes. */
  update(bytes: Uint8Array): this {
    const head = Math.min((4 - (bytes.byteOffset % 4)) % 4, bytes.length);
    const count = Math.floor((bytes.length - head) / 16) * 4;
    this.#slowly(bytes, 0, head);
    if (count > 0) this.#words(new Int32Array(bytes.buffer, bytes.byteOffset + head, count));
    this.#slowly(bytes, head + count * 4, bytes.length);
    return this;
  }

  /** Tell the CRC of the bytes so far, in 16 lower-case hex digits. */
  hex(): string {
    return format({ hi: ~this.#hi, lo: ~this.#lo });
  }

  /** Sixteen bytes at a time, read as little-endian words, which is how every machine that runs this reads them. */
  #words(words: Int32Array): void {
    let hi = this.#hi;
    let lo = this.#lo;
    // Proof of the casts: `words` has a multiple of four elements.
    for (let at = 0; at < words.length; at += 4) {
      const a = lo ^ (words[at] as number);
      const b = hi ^ (words[at + 1] as number);
      const c = words[at + 2] as number;
      const d = words[at + 3] as number;
      lo = fold(lows, a, 3072) ^ fold(lows, b, 2048) ^ fold(lows, c, 1024) ^ fold(lows, d, 0);
      hi = fold(highs, a, 3072) ^ fold(highs, b, 2048) ^ fold(highs, c, 1024) ^ fold(highs, d, 0);
    }
    this.#hi = hi;
    this.#lo = lo;
  }

  #slowly(bytes: Uint8Array, from: number, to: number): void {
    for (let at = from; at < to; at++) {
      const index = (this.#lo ^ byteAt(bytes, at)) & 255;
      this.#lo = ((this.#lo >>> 8) | (this.#hi << 24)) ^ wordAt(lows, index);
      this.#hi = (this.#hi >>> 8) ^ wordAt(highs, index);
    }
  }
}

/** Compute the CRC-64/NVME of bytes, in 16 lower-case hex digits. */
export function crc64(bytes: Uint8Array): string {
  return new Crc64().update(bytes).hex();
}

/**
 * Combine the CRC-64s of two runs of bytes into that of both, the second `lengthB` bytes long.
 *
 * @throws {TransferError} `invalid` if one of them is not 16 hex digits
 */
export function combineCrc64(a: string, b: string, lengthB: number): string {
  const second = parse(b);
  const first = multiply(shiftOf(lengthB), parse(a));
  return format({ hi: first.hi ^ second.hi, lo: first.lo ^ second.lo });
}

/** Combine the CRC-64s of all parts of a file, in order. */
export function combineAllCrc64(parts: Iterable<{ readonly crc64: string; readonly size: number }>): string {
  let whole = emptyCrc64;
  for (const { crc64: next, size } of parts) whole = combineCrc64(whole, next, size);
  return whole;
}

/** What the four bytes of a word do, the last of which is followed by `base / 256` bytes. */
function fold(table: Int32Array, word: number, base: number): number {
  // Proof of the casts: every index is below the table's length. `wordAt` would be too much for the inliner here.
  return (
    (table[base + 768 + (word & 255)] as number) ^
    (table[base + 512 + ((word >>> 8) & 255)] as number) ^
    (table[base + 256 + ((word >>> 16) & 255)] as number) ^
    (table[base + (word >>> 24)] as number)
  );
}

// Proof of both casts: typed arrays are read inside their bounds, by construction of every index above.
function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

function wordAt(table: Int32Array, index: number): number {
  return table[index] as number;
}

function multiply(a: Word, b: Word): Word {
  let hi = 0;
  let lo = 0;
  let factor = b;
  for (let bit = 0; bit < 64; bit++) {
    const taken = -(((bit < 32 ? a.hi : a.lo) >>> (31 - (bit & 31))) & 1);
    hi ^= factor.hi & taken;
    lo ^= factor.lo & taken;
    factor = timesX(factor);
  }
  return { hi, lo };
}

const powers: Word[] = [];
let lastLength = -1;
let lastShift: Word = { hi: 1 << 31, lo: 0 };

/** x^(8 * length) modulo the polynomial: what `length` bytes do to what stands before them. The last one is kept, since parts are alike. */
function shiftOf(length: number): Word {
  if (length === lastLength) return lastShift;
  let shift: Word = { hi: 1 << 31, lo: 0 };
  let rest = length;
  for (let power = 3; rest >= 1; power++) {
    if (rest % 2 === 1) shift = multiply(powerOf(power), shift);
    rest = Math.floor(rest / 2);
  }
  lastLength = length;
  lastShift = shift;
  return shift;
}

/** x^(2^n). */
function powerOf(n: number): Word {
  for (let next = powers.length; next <= n; next++) {
    const last = powers[next - 1];
    powers.push(last === undefined ? { hi: 1 << 30, lo: 0 } : multiply(last, last));
  }
  return powers[n] ?? { hi: 1 << 30, lo: 0 };
}

function parse(digits: string): Word {
  if (!/^[0-9a-f]{16}$/iu.test(digits))
    throw new TransferError("invalid", `Cannot combine the CRC-64 "${digits}": it is not 16 hex digits`);
  return { hi: Number.parseInt(digits.slice(0, 8), 16) | 0, lo: Number.parseInt(digits.slice(8), 16) | 0 };
}

function format({ hi, lo }: Word): string {
  return `${hex32(hi)}${hex32(lo)}`;
}

function hex32(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
