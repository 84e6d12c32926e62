/**
 * What the SFTP and FTP doors share: an object store seen as folders of files, where a file on its way in is a file of
 * its owner's that grows. Doors translate their wire to this and back; they know nothing else of stores and ledger.
 *
 * Paths are absolute and of `/`, as clients say them ("/", "/a/b.bin"); the session refuses what `core/path` refuses.
 * Failures are TransferErrors; a door has one table from code to its wire's status.
 *
 * Sessions come from `createGateway(...).open(account, { door })`; dispose of one when its client has gone, after the
 * last write that came was handed over: what is still open is suspended. A session's calls on one arrival may overlap;
 * they are done in the order in which they were made. Bytes that were written before may be written again while memory
 * has their part, or the store gives it back; else the write fails with `unsupported` and nothing is lost. What was opened
 * on a finished file changes nothing until `finish`, and leaves nothing when it is cut off. Closing `x.filepart` or `x.partial` returns a file that nobody else
 * sees until it is renamed (or 10 minutes have passed).
 *
 * @module
 */

import type { Abortable, StoredFile, StoreSpace } from "@naru/core";
import type { DigestAsk } from "./file-digest.ts";
import type { OwnUploads } from "./own-uploads.ts";

/** A file or folder as its owner sees it. */
export interface Entry {
  /** Absolute. */
  readonly path: string;
  readonly kind: "file" | "folder";
  /** Of a file on its way in: the bytes that its owner need not send again. */
  readonly size: number;
  readonly modified: Date;
  /** On its way in, seen by its owner only. */
  readonly arriving: boolean;
}

export interface WriteMode {
  /** Begin anew: what of an earlier attempt is kept is dropped. What stands under the name stays until `finish`. */
  readonly truncate: boolean;
  /** Make it if there is none; else `not-found`. */
  readonly create: boolean;
  /** Refuse if there is one: `conflict`. */
  readonly exclusive?: boolean | undefined;
  /** The final size, when the client tells (SFTP attrs, FTP ALLO): a hint for the plan, checked by `finish`. */
  readonly size?: number | undefined;
  readonly modified?: Date | undefined;
}

/** A file being written by one session. Ends by `finish` or `suspend`; the session suspends what is left open. */
export interface Arrival {
  readonly path: string;
  /** Up to here bytes lie without a hole, those of the finished file that it was opened on too; where the next is expected. */
  readonly size: number;
  /**
   * Take bytes at an offset; resolves once there is room for more (backpressure). The bytes are copied or sent before it
   * resolves. Ahead of a hole a bounded number of them wait.
   *
   * @throws {TransferError} `invalid` if no more can wait for the hole before `offset`; `unsupported` if the store has
   *   these bytes and takes no others; `superseded` if a newcomer took the upload over
   */
  write(offset: number, bytes: Uint8Array, options?: Abortable): Promise<void>;
  /** Make everything written to a new file durable: it survives the death of this process. Of an edit only `finish` does. */
  flush(options?: Abortable): Promise<void>;
  /**
   * The client sets the size, and has its way: what lies beyond is cut off, what is never written until `finish` is zeros.
   *
   * @throws {TransferError} `unsupported`, and nothing is cut, if the store takes nothing of it back
   */
  resize(size: number, options?: Abortable): Promise<void>;
  /** Resume from `size` or, where parts at the store do not allow it, from an earlier byte: `size` tells. */
  goBack(size: number, options?: Abortable): Promise<void>;
  setModified(modified: Date): void;
  /**
   * Publish the file under its name, verified; nothing else does. Holes are zeros, up to 1 GiB of them.
   *
   * @throws {TransferError} `incomplete` when more is missing, or anything of what resumes an earlier attempt
   */
  finish(options?: Abortable): Promise<StoredFile>;
  /** Keep what came, durably, for its owner to go on with; nothing appears. Twice is fine. */
  suspend(): Promise<void>;
}

/** A file being read by one session. */
export interface Reading {
  readonly entry: Entry;
  /**
   * Bytes from `offset`, at most `length`; fewer only at the end, none after it. They come in pieces, none of which is empty, as
   * the store gave them. Sequential reads share one request.
   */
  read(offset: number, length: number, options?: Abortable): Promise<readonly Uint8Array[]>;
  /** All bytes from `offset` on, as they come. */
  stream(offset: number, options?: Abortable): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Digests that the gateway can tell without reading a file again, when they are known. */
export type ChecksumName = "crc64" | "md5" | "sha256";

/** Everything one signed-in client may do. */
export interface GatewaySession extends AsyncDisposable {
  readonly account: string;
  /** Uploads by numbered parts, for clients of ours. */
  readonly uploads?: OwnUploads | undefined;
  stat(path: string, options?: Abortable): Promise<Entry | undefined>;
  /** What lies in a folder, in pages. @throws {TransferError} `not-found` */
  list(folder: string, options?: Abortable): AsyncIterable<readonly Entry[]>;
  openWrite(path: string, mode: WriteMode, options?: Abortable): Promise<Arrival>;
  /** @throws {TransferError} `not-found` */
  openRead(path: string, options?: Abortable): Promise<Reading>;
  /** Remove a file, arriving ones too. @throws {TransferError} `not-found` */
  remove(path: string, options?: Abortable): Promise<void>;
  /** Rename a file or folder; without `replace` a taken name is `conflict`. X.filepart to X is no copy. */
  move(from: string, to: string, options?: Abortable & { readonly replace?: boolean }): Promise<void>;
  /** @throws {TransferError} `conflict` if there is something */
  makeFolder(path: string, options?: Abortable): Promise<void>;
  /** @throws {TransferError} `not-found`; `conflict` unless it is empty */
  removeFolder(path: string, options?: Abortable): Promise<void>;
  setModified(path: string, modified: Date, options?: Abortable): Promise<void>;
  checksum(path: string, name: ChecksumName, options?: Abortable): Promise<string | undefined>;
  /** Digests in hex of a finished file or of parts of it, read for it unless known. @throws {TransferError} `not-found`; `conflict` for one on its way */
  digest(path: string, ask: DigestAsk, options?: Abortable): Promise<readonly string[]>;
  /** The room of the store, where it can tell. */
  space(path: string, options?: Abortable): Promise<StoreSpace | undefined>;
}
