/** Text of unknown encoding, read from its beginning a piece at a time. */

/** The encodings that are tried: WHATWG's `euc-kr` is CP949, what Windows writes in Korea. */
export type TextEncoding = "utf-8" | "utf-16le" | "utf-16be" | "euc-kr" | "windows-1252";

const marks: readonly (readonly [TextEncoding, readonly number[]])[] = [
  ["utf-8", [0xef, 0xbb, 0xbf]],
  ["utf-16le", [0xff, 0xfe]],
  ["utf-16be", [0xfe, 0xff]],
];
/** So many characters in a thousand that no text has, and it is none. */
const mostOddPerThousand = 20;

/** Decodes pieces in order; what a piece cuts in half is joined with the next. */
export class TextReading {
  readonly encoding: TextEncoding;
  readonly #decoder: TextDecoder;

  private constructor(encoding: TextEncoding) {
    this.encoding = encoding;
    this.#decoder = new TextDecoder(encoding);
  }

  /** Find the encoding by the first piece; `undefined` for what is no text. */
  static of(first: Uint8Array<ArrayBuffer>, { last }: { readonly last: boolean }): TextReading | undefined {
    const encoding = marked(first) ?? guessed(first, last);
    return encoding && new TextReading(encoding);
  }

  /** Decode the next piece. */
  read(piece: Uint8Array<ArrayBuffer>, { last }: { readonly last: boolean }): string {
    return this.#decoder.decode(piece, { stream: !last });
  }
}

function marked(bytes: Uint8Array): TextEncoding | undefined {
  return marks.find(([, mark]) => mark.every((byte, index) => bytes[index] === byte))?.[0];
}

function guessed(bytes: Uint8Array<ArrayBuffer>, isWhole: boolean): TextEncoding | undefined {
  if (bytes.includes(0)) return undefined;
  const odd = bytes.reduce((count, byte) => count + (isOdd(byte) ? 1 : 0), 0);
  if (odd * 1000 > bytes.length * mostOddPerThousand) return undefined;
  return (["utf-8", "euc-kr"] as const).find((encoding) => isIn(encoding, bytes, isWhole)) ?? "windows-1252";
}

/** Control characters but for tabs, ends of lines and pages, and the escapes of terminals. */
function isOdd(byte: number): boolean {
  return byte < 32 && !(byte >= 9 && byte <= 13) && byte !== 27;
}

function isIn(encoding: TextEncoding, bytes: Uint8Array<ArrayBuffer>, isWhole: boolean): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: !isWhole });
    return true;
  } catch {
    return false;
  }
}
