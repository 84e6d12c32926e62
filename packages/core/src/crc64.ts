/**
 * CRC-64/NVME (NVM Express Base Specification 2.0, 5.2.1.3.4; S3's `x-amz-checksum-crc64nvme`): reflected, polynomial
 * ad93d23594c93659, all ones in and out. Its worth here: the CRCs of parts combine into that of the file.
 *
 * A 64-bit number is kept as two 32-bit halves, since `BigInt` is some hundred times slower.
 *
 * @module
 */

import { TransferError } from "./errors.ts";

interface Word {
  readonly hi: number;
  readonly lo: number;
}

const polynomial: Word = { hi: 0x9a6c9329, lo: 0xac4bc9b5 | 0 };
/** Eight bytes at a time: table `k` holds what a byte does that is followed by `k` zero bytes. */
const { highs, lows } = makeTables(8);

/** The CRC-64/NVME of no bytes. */
export const emptyCrc64: string = "0000000000000000";

/** A CRC-64/NVME in the making. */
export class Crc64 {
  #hi = -1;
  #lo = -1;

  /** Take in more bytes. */
  update(bytes: Uint8Array): this {
    const aligned = bytes.length - (bytes.length % 8);
    let hi = this.#hi;
    let lo = this.#lo;
    let at = 0;
    for (; at < aligned; at += 8) {
      const a =
        (lo ^ (at0(bytes, at) | (at0(bytes, at + 1) << 8) | (at0(bytes, at + 2) << 16) | (at0(bytes, at + 3) << 24))) |
        0;
      const b =
        (hi ^
          (at0(bytes, at + 4) | (at0(bytes, at + 5) << 8) | (at0(bytes, at + 6) << 16) | (at0(bytes, at + 7) << 24))) |
        0;
      const i0 = 1792 | (a & 255);
      const i1 = 1536 | ((a >>> 8) & 255);
      const i2 = 1280 | ((a >>> 16) & 255);
      const i3 = 1024 | (a >>> 24);
      const i4 = 768 | (b & 255);
      const i5 = 512 | ((b >>> 8) & 255);
      const i6 = 256 | ((b >>> 16) & 255);
      const i7 = b >>> 24;
      lo =
        at1(lows, i0) ^
        at1(lows, i1) ^
        at1(lows, i2) ^
        at1(lows, i3) ^
        at1(lows, i4) ^
        at1(lows, i5) ^
        at1(lows, i6) ^
        at1(lows, i7);
      hi =
        at1(highs, i0) ^
        at1(highs, i1) ^
        at1(highs, i2) ^
        at1(highs, i3) ^
        at1(highs, i4) ^
        at1(highs, i5) ^
        at1(highs, i6) ^
        at1(highs, i7);
    }
    for (; at < bytes.length; at++) {
      const index = (lo ^ at0(bytes, at)) & 255;
      lo = ((lo >>> 8) | (hi << 24)) ^ at1(lows, index);
      hi = (hi >>> 8) ^ at1(highs, index);
    }
    this.#hi = hi;
    this.#lo = lo;
    return this;
  }

  /** Tell the CRC of the bytes so far, in 16 lower-case hex digits. */
  hex(): string {
    return format({ hi: ~this.#hi, lo: ~this.#lo });
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

// Proof of both casts: typed arrays are read inside their bounds, by construction of every index above.
function at0(bytes: Uint8Array, index: number): number {
  return bytes[index] as number;
}

function at1(table: Int32Array, index: number): number {
  return table[index] as number;
}

function makeTables(slices: number): { highs: Int32Array; lows: Int32Array } {
  const highs = new Int32Array(256 * slices);
  const lows = new Int32Array(256 * slices);
  for (let byte = 0; byte < 256; byte++) {
    let word: Word = { hi: 0, lo: byte };
    for (let bit = 0; bit < 8; bit++) word = timesX(word);
    highs[byte] = word.hi;
    lows[byte] = word.lo;
  }
  for (let index = 256; index < 256 * slices; index++) {
    const hi = at1(highs, index - 256);
    const lo = at1(lows, index - 256);
    const low = lo & 255;
    lows[index] = ((lo >>> 8) | (hi << 24)) ^ at1(lows, low);
    highs[index] = (hi >>> 8) ^ at1(highs, low);
  }
  return { highs, lows };
}

/** Multiply a reflected polynomial (bit 63 is x^0) by x. */
function timesX({ hi, lo }: Word): Word {
  const carry = -(lo & 1);
  return { hi: (hi >>> 1) ^ (polynomial.hi & carry), lo: ((lo >>> 1) | (hi << 31)) ^ (polynomial.lo & carry) };
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
