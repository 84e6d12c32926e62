/**
 * The spool's contract: what a browser feeds and the engine reads, without either knowing the other.
 *
 * Bytes are kept in segments, which are the parts of the transfer. A segment counts once it is whole, on disk (fsync) and in
 * the journal; it is deleted once the far side has a receipt for it.
 *
 * @module
 */

import type { Abortable, ByteRange, DigestPart, Part, Source } from "@naru/core";

/** How a file reaches the far side: read in place, spooled whole, or spooled through a window smaller than the file. */
export type Way = "direct" | "full" | "window";

/** How far a feeder may go. */
export interface Grant {
  /** Every byte before this offset is on disk or at the far side, also after a crash. */
  readonly durable: number;
  /** So many bytes from `durable` on may be sent; 0 while there is no room. */
  readonly credit: number;
  /** Grows when bytes that were taken are lost (disk, far side): a feeder then goes back to `durable`. */
  readonly rewinds: number;
}

/** What is told of a file before it is fed; a re-chosen file must match it. */
export interface FedFile {
  readonly name: string;
  readonly size: number;
  /** Milliseconds since 1970. */
  readonly modifiedMs: number;
}

/** A range of the file with its CRC-64/NVME, by which a re-chosen file is told from another. */
export interface RangeProof extends ByteRange {
  readonly crc64: string;
}

/** What the spool holds of one file. `Spools` makes it; the id is the transfer's. */
export interface Spool {
  readonly id: string;
  readonly file: FedFile;
  readonly way: Exclude<Way, "direct">;
  readonly segmentSize: number;
  readonly grant: Grant;
  /** What must still be fed, in order. Empty: the feeder may go for good. Grows again if the far side loses an upload. */
  readonly missing: readonly ByteRange[];
  /** Bytes that `missing` has. */
  readonly unfed: number;
  /** Whether somebody feeds. */
  readonly attached: boolean;
  /** Bytes on disk now. */
  readonly held: number;
  /** What the engine reads; a body waits until its bytes are durable. */
  readonly source: Source;
  /** Digests of bodies of `source`, computed while they arrived; waits like a body. */
  readonly digest: DigestPart;

  /**
   * Take bytes of the file. What is held already is ignored, so that a feeder may go on at `grant.durable` or follow
   * `missing`. Within a segment bytes come in order; segments come in any order. Resolves when the bytes are with the
   * operating system: await it before the next frame is read, and memory stays bounded. Room that runs out makes the
   * promise wait, not fail.
   *
   * @throws {TransferError} `invalid` for bytes outside the file, beyond the credit, or with a gap inside a segment
   */
  write(offset: number, bytes: Uint8Array, options?: Abortable): Promise<void>;

  /** Say that somebody feeds; only then credit is given. */
  attach(): void;

  /** Call `listener` whenever `grant`, `missing` or `held` has changed, until what is returned is called. */
  onGrant(listener: (grant: Grant) => void): () => void;

  /** Say that the feeder is gone: half-fed segments are forgotten, what is durable stays. */
  detach(): Promise<void>;

  /** Give checksums of some ranges, by which a re-chosen file can be checked before a byte is fed. */
  proofs(): readonly RangeProof[];

  /**
   * Take a file for the one that was fed before; `proofs` are checksums of its bytes, for the ranges of `proofs()`.
   *
   * @throws {TransferError} `file-changed` when its size, time or a checksum differs
   */
  match(file: FedFile, proofs: readonly RangeProof[]): void;

  /** The far side holds this part: what it covers is deleted. */
  confirm(part: Part): Promise<void>;

  /** The far side holds these parts and no others: what was deleted for others must be fed again. */
  settle(parts: readonly Part[]): Promise<void>;
}
