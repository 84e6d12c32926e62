/**
 * The second half of the contract (`store.ts`): files that have arrived.
 *
 * @module
 */

import type { Abortable } from "./abortable.ts";
import type { TransferError } from "./errors.ts";

/** A file that has arrived. */
export interface StoredFile {
  readonly path: string;
  readonly size: number;
  readonly etag: string;
  readonly modified: Date;
  readonly type?: string | undefined;
  /** CRC-64/NVME of the whole file, 16 lower-case hex digits, when it is known. */
  readonly crc64?: string | undefined;
}

/** Bytes from `start` up to, not including, `end`. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** What is read of a file; all of it by default. */
export interface ReadOptions extends Abortable {
  readonly range?: ByteRange | undefined;
  /** Read only while the file still has this etag; else `conflict`. */
  readonly etag?: string | undefined;
  /** Gives memory for a chunk of so many bytes, which a store may use in place of its own. */
  readonly allocate?: ((size: number) => Uint8Array<ArrayBuffer>) | undefined;
  /**
   * Called before the first byte with all that `stat` would tell, by a store whose answer says so: then nobody need ask
   * first. Others never call it.
   */
  readonly onFile?: ((file: StoredFile) => void) | undefined;
}

/** Names from the first to the last, in the order of their UTF-8 bytes. */
export interface NameSpan {
  readonly first: string;
  readonly last: string;
}

/** Which files are listed. */
export interface ListOptions extends Abortable {
  /** Only paths that begin with this text. */
  readonly prefix?: string | undefined;
  /** Where the last page ended. */
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
  /** `"/"` folds what lies deeper into `folders`. */
  readonly delimiter?: "/" | undefined;
  /**
   * Without a delimiter: `folders` has those that are kept, or stand empty, in the order of the files; what ends with `/` and
   * has bytes is a file. A store need not know it.
   */
  readonly markers?: boolean | undefined;
  /**
   * A hint: a file that it refuses is not needed, though the store may list it. A store that asks it also asks it of folders,
   * with their final `/`, and counts all that it asked of towards `limit`.
   */
  readonly wanted?: ((path: string) => boolean) | undefined;
  /**
   * A hint: what comes before `first` or after `last` behind the prefix, in the order of UTF-8 bytes, is not needed, though
   * the store may list it.
   */
  readonly span?: NameSpan | undefined;
  /**
   * Told of a folder, with its final `/`, whose store does not answer: the listing is then of what is there. Without it, the
   * listing fails, so that nobody takes what does not answer for empty.
   */
  readonly onMissing?: ((folder: string) => void) | undefined;
}

/** A page of a listing, in no order that callers may rely on. */
export interface FilePage {
  readonly files: readonly StoredFile[];
  /** Folded prefixes, each with its final `/`. */
  readonly folders: readonly string[];
  readonly cursor?: string | undefined;
}

/** A URL that reads a file straight from the store. */
export interface SignedRead {
  readonly url: string;
  readonly expires: Date;
}

/** How a signed read is answered. */
export interface PresignReadOptions extends Abortable {
  /** The name that a browser saves it under (attachment). */
  readonly downloadName?: string | undefined;
  /** The media type that it has, whatever the store has noted. */
  readonly type?: string | undefined;
  /** Until when it can be used, at the longest; an hour by default. */
  readonly lifeSeconds?: number | undefined;
  /** For a browser, which resumes by `If-Range`: no URL where the store ignores it, and would mix two contents. */
  readonly resumable?: boolean | undefined;
}

/** Folders that exist without a file in them. Paths have no final `/`. */
export interface Folders {
  /** Tell whether there is a folder, kept or implied by a file in it. */
  has(path: string, options?: Abortable): Promise<boolean>;
  /** Keep a folder, so that listings with a delimiter show it while it is empty; one that is there is fine. */
  make(path: string, options?: Abortable): Promise<void>;
  /** Keep it no longer. Files in it are not touched; a missing one is fine. */
  remove(path: string, options?: Abortable): Promise<void>;
}

/** A copy that has begun: its upload, and the etag of the file that it copies. */
export interface BegunCopy {
  readonly upload: string;
  readonly etag: string;
}

/** What is remembered of a copy that takes long, so that another run resumes it: what was copied is not copied again. */
export interface CopyResume {
  /** What an earlier run began. */
  readonly begun?: BegunCopy | undefined;
  /** Awaited before the first byte of an upload. */
  readonly onBegun: (begun: BegunCopy) => Promise<void>;
  /** Hears how many bytes are copied, and why it waits when it does. */
  readonly onProgress: (bytes: number, error?: TransferError) => void;
}

/** What is known of a file that is moved. */
export interface MoveOptions extends Abortable {
  /**
   * With it, what was copied stays at the store when the call fails: whoever passes it calls again, or aborts the upload. A
   * store whose copies take one call takes no notice of it.
   */
  readonly resume?: CopyResume | undefined;
  /** What `stat` said of the file a moment ago: a store need not ask again. */
  readonly file?: StoredFile | undefined;
}

/**
 * What has already arrived, whoever put it there. Names are as the place has them: a file is looked for by its name as it
 * came, and when there is none, by the composed spelling (NFC); so is a listing's prefix. `anySpelling` does that.
 */
export interface Files {
  /** Present where empty folders can be kept. */
  readonly folders?: Folders;
  /** Look a file up; a missing one is `undefined`. */
  stat(path: string, options?: Abortable): Promise<StoredFile | undefined>;
  list(options?: ListOptions): Promise<FilePage>;
  /**
   * Read a file or a range of it. Nothing is read before the stream is pulled.
   *
   * @throws {TransferError} `not-found`; `conflict` when it no longer has `options.etag`
   */
  read(path: string, options?: ReadOptions): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;
  /** Sign requests that read straight from the store, one for each public endpoint. */
  presignRead?(path: string, options?: PresignReadOptions): Promise<readonly SignedRead[]>;
  /**
   * Copy within the store, without carrying the bytes through this process; what is at `to` is replaced. Present where
   * the store can; of several stores behind one, where some can.
   *
   * @throws {TransferError} `not-found`; `conflict` when the file changes meanwhile; `unsupported` for this file
   */
  copy?(from: string, to: string, options?: MoveOptions): Promise<StoredFile>;
  /** Rename; what is at `to` is replaced. @throws {TransferError} `not-found` */
  move(from: string, to: string, options?: MoveOptions): Promise<StoredFile>;
  /** Remove; a missing file is fine. */
  remove(path: string, options?: Abortable): Promise<void>;
}
