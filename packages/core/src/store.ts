/**
 * The one contract of this project: a place where files arrive in numbered parts (`Store`),
 * and a place where they have arrived (`Files`).
 *
 * A bucket, a folder, our server seen from a browser and an SFTP host seen from the agent are all
 * stores. Every store passes `describeStore`, and `describeFiles` where it has files.
 *
 * @module
 */

import type { Abortable } from "./abortable.ts";
import type { StoredFile } from "./store-files.ts";
import type { UnfinishedOptions, UnfinishedUpload, UploadOwner } from "./unfinished-upload.ts";

export type { Abortable } from "./abortable.ts";
export type * from "./store-files.ts";
export type * from "./unfinished-upload.ts";

/** A numbered byte range of one file. Numbers start at 1, as object stores count. Sizes are bytes. */
export interface Part {
  readonly number: number;
  readonly offset: number;
  readonly size: number;
}

/** Bytes that can be read more than once, so that a part can be retried. A `Blob` is one. */
export interface Body extends Pick<Blob, "size" | "stream"> {
  /** The same bytes without a stream around them, where that costs less. `chunksOf` reads them. */
  chunks?(options?: ChunksOptions): Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>;
}

/** How a body is read in chunks. */
export interface ChunksOptions {
  /** A chunk need be good only until the next but one is asked for: then its memory may be used again. */
  readonly reuse?: boolean | undefined;
}

/** What can be sent. A browser's `File` already is one. */
export interface Source {
  readonly size: number;
  slice(start: number, end: number): Body;
}

/** Digests of one part: MD5 in lower-case hex (what stores enforce), CRC-64/NVME in 16 lower-case hex digits (what combines). */
export interface PartDigest {
  readonly md5: string;
  readonly crc64: string;
}

/** Proof that a store holds a part. Nothing counts as transferred without one. */
export interface Receipt {
  readonly part: Part;
  /** What the store calls this part's content, verbatim but without quotes; empty where it was not reported. Only the store knows what it is made of. */
  readonly etag: string;
  readonly digest?: Partial<PartDigest> | undefined;
}

/** What a store can bear; the plan is cut to fit. Facts that vary between stores are data. Sizes are bytes. */
export interface Limits {
  readonly minPartSize: number;
  readonly maxPartSize: number;
  readonly maxParts: number;
  readonly maxSize: number;
  /** Every part but the last must have the same size (Cloudflare R2). */
  readonly equalParts: boolean;
  /** How many parts may travel at once; 1 means strictly one after another. */
  readonly maxInFlight: number;
}

/** What a file will be. Without `size` the length is not known beforehand (SFTP, FTP). */
export interface UploadSpec {
  readonly path: string;
  readonly size?: number | undefined;
  /** The size of every part but the last. The plan is fixed by it at create and never changes. */
  readonly partSize?: number | undefined;
  readonly type?: string | undefined;
  readonly modified?: Date | undefined;
}

/** How one body is written. */
export interface PutOptions extends Abortable {
  /** What the sender computed over the body; a store that can must refuse other bytes. */
  readonly digest?: PartDigest | undefined;
  /** Of a whole file (`putFile`): it may not replace one, as in `CompleteOptions`. */
  readonly onlyNew?: boolean | undefined;
  /** Called with the bytes of this part handed to the network so far. */
  readonly onProgress?: ((sent: number) => void) | undefined;
  /** A new connection is faster than one that has been used, as far as the sender can choose. */
  readonly fresh?: boolean | undefined;
}

/** A part that may be written straight to the store: one request, spelt out. */
export interface SignedPart {
  readonly part: Part;
  readonly method: "PUT";
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly expires: Date;
}

/** A part to sign. Its MD5 is signed into the request; a bucket signs no part without one. */
export interface PartToSign extends Part {
  readonly digest?: Partial<PartDigest> | undefined;
}

/** How an upload is completed. */
export interface CompleteOptions extends Abortable {
  /**
   * The file is parts 1 to `count`; what the store holds beyond them is left out. Only for uploads without a size.
   * A store that cannot leave parts out (Ceph) refuses.
   */
  readonly count?: number | undefined;
  /** Digests by part number, for parts whose receipts carry none. */
  readonly digests?: ReadonlyMap<number, PartDigest> | undefined;
  /**
   * The file may not replace one. A store that can compare in the same instant refuses with `conflict`, also when another
   * program has written the file; others leave it to whoever looked before.
   */
  readonly onlyNew?: boolean | undefined;
}

/** Where the room is asked for: the path of a file to be. */
export interface SpaceOptions extends Abortable {
  readonly path?: string | undefined;
}

/** The room of a place, in bytes. */
export interface StoreSpace {
  readonly total: number;
  /** What new files may take. */
  readonly free: number;
}

/** A place where uploads are made. */
export interface Store {
  /**
   * Whether its uploads sign parts (`Upload.presign`), so that bytes can go straight to it. Of several stores behind one,
   * whether some do: then each upload shows it for its path.
   */
  readonly direct: boolean;

  /** What it can bear at `path`; `""` asks for what holds at every path. */
  limitsFor(path: string): Limits;

  /** Begin an upload. Nothing is visible at `spec.path` until it completes; what was there stays until then. */
  create(spec: UploadSpec, options?: Abortable): Promise<Upload>;

  /**
   * Find an upload begun earlier, perhaps by another process.
   *
   * @throws {TransferError} `not-found` if it never was, was aborted, or has completed
   */
  resume(id: string, options?: Abortable): Promise<Upload>;

  /** Write a small file in one call: whole, or not at all. Present where that is cheaper than parts. */
  putFile?(spec: UploadSpec, body: Body, options?: PutOptions): Promise<StoredFile>;

  /**
   * Tell how much room there is for files at a path; `undefined` where it cannot tell. Present where it can somewhere: a disk
   * does, a bucket has no end that S3 speaks of.
   */
  space?(options?: SpaceOptions): Promise<StoreSpace | undefined>;

  /** Say whose uploads are made from now on. Present where that is written beside them. */
  ownUploads?(owner: UploadOwner): void;

  /**
   * Find our uploads that are not finished, of any process and installation, in any order; those of other programs are not
   * shown. Present where they can be told apart.
   */
  unfinished?(options?: UnfinishedOptions): AsyncIterable<UnfinishedUpload>;
}

/** Bytes of a file that has arrived: from `start` on, as many as the part has. */
export interface CopySource {
  readonly path: string;
  readonly etag: string;
  readonly start: number;
}

/** A file on its way in. */
export interface Upload {
  readonly id: string;
  readonly spec: UploadSpec;
  /** How many of its parts may travel at once, where that is not `Limits.maxInFlight`. */
  readonly maxInFlight?: number | undefined;
  /** The same part may be on its way twice, with the same bytes: one `put` may begin before another has ended. */
  readonly mayOverlap?: boolean | undefined;
  /** The store takes the digests of a part that it needs, and no sender has to: told ones are checked. */
  readonly hashesItself?: boolean | undefined;

  /** Receipts for every part the store holds, by number: where a resume begins. The store is the authority. */
  receipts(options?: Abortable): Promise<readonly Receipt[]>;

  /**
   * Write one part. Writing it again replaces it.
   *
   * @throws {TransferError} `short-body` or `long-body` if `body` is not `part.size` bytes, `checksum-mismatch` if it is
   *   not what `options.digest` says
   */
  put(part: Part, body: Body, options?: PutOptions): Promise<Receipt>;

  /** A hint that this part is put soon: what needs no body, as signing, may be done now. Never throws; `put` may not follow. */
  prepare?(part: PartToSign): void;

  /**
   * Fill one part from a range of a file that has arrived, without carrying its bytes. Present where the store can.
   *
   * @throws {TransferError} `conflict` when the file no longer has `from.etag`; `unsupported` for a file that it cannot copy
   */
  copyPart?(part: Part, from: CopySource, options?: Abortable): Promise<Receipt>;

  /**
   * Read back a part that has a receipt, so that some of it can be changed and the part put again. Present where the
   * store can: object stores show nothing of an upload before it completes.
   */
  readPart?(part: Part, options?: Abortable): Promise<ReadableStream<Uint8Array<ArrayBuffer>>>;

  /** Sign requests that write parts straight to the store. Present where the direct route exists. */
  presign?(parts: readonly PartToSign[], options?: Abortable): Promise<readonly SignedPart[]>;

  /**
   * Make the file appear, whole or not at all, and verify it. Calling it again after it succeeded is fine while the
   * store still remembers.
   *
   * @throws {TransferError} `incomplete` if a byte of `spec.size` has no receipt
   */
  complete(options?: CompleteOptions): Promise<StoredFile>;

  /** Forget the upload and free its parts. Aborting twice is not an error. */
  abort(options?: Abortable): Promise<void>;
}
