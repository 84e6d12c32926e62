/**
 * Where a file is fetched to, beside `Source`, where one is sent from: a file on a disk, a file in the browser's own file
 * system, memory. Every sink passes `describeSink`.
 *
 * @module
 */

import type { Abortable, ByteRange } from "./store.ts";

/** A file of a known size in the making. Nothing is visible under its name before `complete`. */
export interface Sink extends AsyncDisposable {
  readonly size: number;
  /** Nothing is held of an earlier run: what a journal says of this sink is void. */
  readonly fresh: boolean;

  /**
   * Write chunks one after the other from `offset`. Any place may be written in any order, several at once, and again. The
   * chunks are the sink's until it resolves; it can be stopped only before it begins.
   *
   * @throws {TransferError} `no-space`; `invalid` for what lies outside `size`
   */
  write(offset: number, chunks: readonly Uint8Array[]): Promise<void>;

  /** Make what has been written so far survive a crash of the program and a power cut. */
  sync(): Promise<void>;

  /** The CRC-64/NVME of what is held in a range. Present where it can be read back before it is complete. */
  crc64?(range: ByteRange, options?: Abortable): Promise<string>;

  /** Give the file its name, whole; what was there is replaced. The sink is used no more after it. */
  complete(): Promise<void>;

  /** Throw away what is held. The sink is used no more after it. */
  discard(): Promise<void>;

  /** Let go of it, once nobody writes any more; what is held stays, for whoever opens it next. Fine after its end. */
  [Symbol.asyncDispose](): Promise<void>;
}
