/**
 * What a server must be able to do for files to arrive on it front to back: the ground that SFTP and FTP share.
 *
 * Paths are those of the store, relative and of `/`.
 *
 * @module
 */

import type { Abortable, Limits, StoredFile } from "@naru/core";

export interface WriteOptions extends Abortable {
  /** Called with the bytes of this call that the far side, or the network, has taken. */
  readonly onProgress?: ((sent: number) => void) | undefined;
  /** Write only if the file still ends at `offset` for this connection. @throws {TransferError} `unreachable` if not */
  readonly goesOn?: boolean | undefined;
}

/** Bytes that the server has taken. */
export interface Written {
  /** They are as durable as the server can make them. Whoever does not await it need not handle its failure. */
  readonly durable: Promise<void>;
}

/** A server on which a file can grow. */
export interface GrowingRemote {
  readonly limits: Limits;
  /** Where the bytes of an upload wait for their name; `token` differs from upload to upload. */
  waitingName(path: string, token: string): string;
  /** Make an empty file, and the folders it needs. */
  make(path: string, options: Abortable): Promise<void>;
  /** Bytes that the file has; `undefined` when there is none. */
  size(path: string, options: Abortable): Promise<number | undefined>;
  /** Drop what lies behind `size`. @throws {TransferError} `unsupported` where that cannot be done */
  cut(path: string, size: number, options: Abortable): Promise<void>;
  /** Where the file ends for the connection that it was written on last, while that lasts; `undefined` where nobody knows. */
  end(path: string): number | undefined;
  /**
   * Write from `offset` on, where the file ends or before; resolves when the server has taken it all. What fails leaves
   * no byte behind those that came.
   */
  write(path: string, offset: number, chunks: AsyncIterable<Uint8Array>, options: WriteOptions): Promise<Written>;
  /** Give the file its name and date; what was there is replaced. */
  publish(from: string, to: string, modified: Date | undefined, options: Abortable): Promise<StoredFile>;
  /** Remove; a missing file is fine. */
  remove(path: string, options: Abortable): Promise<void>;
}
