/**
 * CRC-64/NVME (NVM Express Base Specification 2.0, 5.2.1.3.4; S3's `x-amz-checksum-crc64nvme`): reflected, polynomial
 * ad93d23594c93659, all ones in and out. Its worth here: the CRCs of parts combine into that of the file.
 *
 * A 64-bit number is kept as two 32-bit halves, since `BigInt` is some hundred times slower.
 *
 * @module
 */

import { TransferError } from "./errors.ts";
import { crc64InMemory } from "./lanes/crc64-memory.ts";
import { crc64Table, timesX, type Word } from "./lanes/crc64-table.ts";

/** The CRC-64/NVME of no bytes. */
export const emptyCrc64: string = "0000000000000000";

/** From so many bytes on, WebAssembly is worth the way there. */
const longEnough = 512;

/** A CRC-64/NVME in the making. */
export class Crc64 {
  #word: Word = { hi: -1, lo: -1 };

  /** Take in more bytes. */
  update(bytes: Uint8Array): this {
    this.#word = bytes.length < longEnough ? slowly(this.#word, bytes) : crc64InMemory(this.#word, bytes);
    return this;
  }

  /** Tell the CRC of the bytes so far, in 16 lower-case hex digits. */
  hex(): string {
    return format({ hi: ~this.#word.hi, lo: ~this.#word.lo });
  }
}

function slowly(before: Word, bytes: Uint8Array): Word {
  let { hi, lo } = before;
  for (const byte of bytes) {
    const index = (lo ^ byte) & 255;
    lo = ((lo >>> 8) | (hi << 24)) ^ (crc64Table.lows[index] ?? 0);
    hi = (hi >>> 8) ^ (crc64Table.highs[index] ?? 0);
  }
  return { hi, lo };
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
