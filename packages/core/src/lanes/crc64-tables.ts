/** What bytes do to a CRC-64/NVME: the polynomial of `crc64.ts`, a 64-bit number kept as two 32-bit halves. */

export interface Word {
  readonly hi: number;
  readonly lo: number;
}

const polynomial: Word = { hi: 0x9a6c9329, lo: 0xac4bc9b5 | 0 };

/** Table `k`, of 256 words, holds what a byte does that is followed by `k` zero bytes. */
export const crc64Tables: { readonly highs: Int32Array; readonly lows: Int32Array } = makeTables(16);

/** Multiply a reflected polynomial (bit 63 is x^0) by x. */
export function timesX({ hi, lo }: Word): Word {
  const carry = -(lo & 1);
  return { hi: (hi >>> 1) ^ (polynomial.hi & carry), lo: ((lo >>> 1) | (hi << 31)) ^ (polynomial.lo & carry) };
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
    const hi = wordAt(highs, index - 256);
    const lo = wordAt(lows, index - 256);
    const low = lo & 255;
    lows[index] = ((lo >>> 8) | (hi << 24)) ^ wordAt(lows, low);
    highs[index] = (hi >>> 8) ^ wordAt(highs, low);
  }
  return { highs, lows };
}

// Proof of the cast: read inside its bounds, by construction of every index above.
function wordAt(table: Int32Array, index: number): number {
  return table[index] as number;
}
