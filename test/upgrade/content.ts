/** What the files of the kept folder hold: whoever knows name and size can write them again, and they pack small. */

const blockSize = 4096;

/** The bytes of the file `name`. */
export function contentOf(name: string, size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  for (let at = 0; at < size; at += blockSize) {
    const word = Buffer.from(`${name} ${at}\n`);
    const block = bytes.subarray(at, at + blockSize);
    for (let start = 0; start < block.length; start += word.length) {
      block.set(word.subarray(0, block.length - start), start);
    }
  }
  return bytes;
}
