/**
 * What moves one file: the public face of the transfer engine (implemented in `transfer.ts` and what it imports).
 *
 * @module
 */

import type { TransferError } from "./errors.ts";
import type { Abortable, Body, PartDigest } from "./store.ts";

/** Where time comes from, so that tests own it. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  sleep(ms: number, options?: Abortable): Promise<void>;
}

/** Compute the digests of one part. */
export type DigestPart = (body: Body, options?: Abortable) => Promise<PartDigest>;

export type TransferState =
  | "waiting"
  | "checking"
  | "uploading"
  | "paused"
  | "offline"
  | "verifying"
  | "done"
  | "failed"
  | "cancelled";

/** A snapshot. `confirmed` counts receipts only; `inFlight` what was handed to the network beyond them. */
export interface Progress {
  readonly state: TransferState;
  /** The upload's id, once there is one. */
  readonly id?: string | undefined;
  readonly size: number;
  readonly confirmed: number;
  readonly inFlight: number;
  /** Smoothed bytes per second. */
  readonly speed: number;
  readonly secondsLeft?: number | undefined;
  /** Bytes of bodies sent in this run, resent ones too. */
  readonly bytesSent: number;
  readonly parts: number;
  /** Parts that had a receipt when this run began. */
  readonly partsSkipped: number;
  /** Why it failed, or what it is waiting to get over. */
  readonly error?: TransferError | undefined;
}

/** Bytes in flight, over all transfers of a process. */
export interface Budget {
  /** Wait until `bytes` fit; call what it returns to give them back. One part larger than the budget passes alone. */
  take(bytes: number, options?: Abortable): Promise<() => void>;
}

export interface TransferOptions {
  readonly clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  readonly random: () => number;
  readonly digest?: DigestPart | undefined;
  /** An upload to go on with; when it is gone, a new one is made and `onRestart` is called. */
  readonly resume?: string | undefined;
  readonly budget?: Budget | undefined;
  /** Workers at most; the engine climbs and falls below it. */
  readonly maxConcurrency?: number | undefined;
  /** Ask cheaply whether the server answers; asked every 2 s while parts stall. */
  readonly probe?: ((options: Abortable) => Promise<boolean>) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onRestart?: (() => void) | undefined;
}
