/**
 * Combining CRC-32s (that of ZIP, gzip and Ethernet: reflected, polynomial edb88320, all ones in and out). Computing one over
 * bytes is left to the runtime.
 *
 * @module
 */

const polynomial = 0xedb8_8320;

/** Combine the CRC-32s of two runs of bytes into that of both, the second `lengthB` bytes long. */
export function combineCrc32(a: number, b: number, lengthB: number): number {
  return (multiply(shiftOf(lengthB), a) ^ b) >>> 0;
}

/** The product of two polynomials, the highest bit being that of x^0. */
function multiply(a: number, b: number): number {
  let product = 0;
  let factor = b;
  for (let bit = 31; bit >= 0; bit--) {
    if ((a >>> bit) & 1) product ^= factor;
    factor = (factor >>> 1) ^ (factor & 1 ? polynomial : 0);
  }
  return product;
}

/** x^(8 * length): what `length` bytes do to what stands before them. */
function shiftOf(length: number): number {
  let shift = 1 << 31;
  let rest = length;
  for (let power = 3; rest >= 1; power++) {
    if (rest % 2 === 1) shift = multiply(powerOf(power), shift);
    rest = Math.floor(rest / 2);
  }
  return shift;
}

const powers: number[] = [];

/** x^(2^n). */
function powerOf(n: number): number {
  for (let next = powers.length; next <= n; next++) {
    const last = powers[next - 1];
    powers.push(last === undefined ? 1 << 30 : multiply(last, last));
  }
  return powers[n] ?? 1 << 30;
}
