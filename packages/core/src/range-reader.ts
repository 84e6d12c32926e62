/**
 * Where a file is fetched from, as a fetch sees it.
 *
 * @module
 */

import type { Abortable, ByteRange, StoredFile } from "./store.ts";

/** Reads ranges of one state of one file. */
export interface RangeReader {
  /** What the far side says of it: its size and etag, and its checksum where it knows one. */
  readonly file: StoredFile;

  /**
   * Begin to read a range, which is never empty. The bytes end early, with an error, when the signal aborts. Addresses that
   * expire are renewed by the reader.
   *
   * @throws {TransferError} `conflict` when the file is no longer in the state of `file`, before a byte of another is given
   */
  read(range: ByteRange, options?: Abortable): Promise<AsyncIterable<Uint8Array>>;

  /** Told of each chunk that is of no use any more, so that its memory can be used again. */
  readonly giveBack?: ((chunk: Uint8Array) => void) | undefined;
}
