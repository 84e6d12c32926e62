/** What bytes do to a CRC-64/NVME: the polynomial of `crc64.ts`, a 64-bit number kept as two 32-bit halves. */

export interface Word {
  readonly hi: number;
  readonly lo: number;
}

const polynomial: Word = { hi: 0x9a6c9329, lo: 0xac4bc9b5 | 0 };

/** What one byte does, a word for each; the further tables that WebAssembly has follow from this one. */
export const crc64Table: { readonly highs: Int32Array; readonly lows: Int32Array } = makeTable();

/** Multiply a reflected polynomial (bit 63 is x^0) by x. */
export function timesX({ hi, lo }: Word): Word {
  const carry = -(lo & 1);
  return { hi: (hi >>> 1) ^ (polynomial.hi & carry), lo: ((lo >>> 1) | (hi << 31)) ^ (polynomial.lo & carry) };
}

function makeTable(): { highs: Int32Array; lows: Int32Array } {
  const highs = new Int32Array(256);
  const lows = new Int32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let word: Word = { hi: 0, lo: byte };
    for (let bit = 0; bit < 8; bit++) word = timesX(word);
    highs[byte] = word.hi;
    lows[byte] = word.lo;
  }
  return { highs, lows };
}
