/**
 * What moves one file: the public face of the engine (implemented in `transfer.ts` and `fetch.ts` and what they import).
 *
 * @module
 */

import type { TransferError } from "./errors.ts";
import type { FetchJournal } from "./fetch-journal.ts";
import type { Abortable, Body, PartDigest, Upload } from "./store.ts";

/** Where time comes from, so that tests own it. */
export interface Clock {
  /** Milliseconds, monotonic. */
  now(): number;
  sleep(ms: number, options?: Abortable): Promise<void>;
}

/** Compute the digests of one part. */
export type DigestPart = (body: Body, options?: Abortable) => Promise<PartDigest>;

/** The states of a run, whichever way its bytes go, but for the one in which they move. */
export type RunState = "waiting" | "checking" | "paused" | "offline" | "verifying" | "done" | "failed" | "cancelled";

/** The states of a transfer. */
export type TransferState = RunState | "uploading";

/** The states of a fetch. */
export type FetchState = RunState | "downloading";

/** A snapshot of a run. `confirmed` counts receipts only; `inFlight` what has moved beyond them. */
export interface RunProgress<State extends string> {
  readonly state: State;
  readonly size: number;
  readonly confirmed: number;
  readonly inFlight: number;
  /** Smoothed bytes per second. */
  readonly speed: number;
  readonly secondsLeft?: number | undefined;
  readonly parts: number;
  /** Parts that had a receipt when this run began. */
  readonly partsSkipped: number;
  /** Why it failed, or what it is waiting to get over. */
  readonly error?: TransferError | undefined;
}

/** A snapshot of a transfer. */
export interface Progress extends RunProgress<TransferState> {
  /** The upload's id, once there is one. */
  readonly id?: string | undefined;
  /** Bytes of bodies sent in this run, resent ones too. */
  readonly bytesSent: number;
}

/** A snapshot of a fetch; `confirmed` counts ranges that survive a power cut. */
export interface FetchProgress extends RunProgress<FetchState> {
  /** Bytes of bodies that came in this run, repeated ones too. */
  readonly bytesReceived: number;
}

/** Bytes in flight, over all transfers of a process. */
export interface Budget {
  /** Wait until `bytes` fit; call what it returns to give them back. One part larger than the budget passes alone. */
  take(bytes: number, options?: Abortable): Promise<() => void>;
}

/** What every run needs, whichever way its bytes go. */
export interface RunOptions {
  readonly clock: Clock;
  /** Numbers in [0, 1), for jitter. */
  readonly random: () => number;
  readonly budget?: Budget | undefined;
  /** Workers at most; the engine climbs and falls below it. */
  readonly maxConcurrency?: number | undefined;
  /** Workers at the beginning, at most; by default many, as a far line needs them. */
  readonly initialConcurrency?: number | undefined;
  /**
   * Whether the far side is far, as is known by now: only there is what is slow sent once more (`Upload.mayOverlap`), by default
   * wherever it may be. Near by, a connection soon recovers from a loss.
   */
  readonly isFar?: (() => boolean) | undefined;
  /** Ask cheaply whether the server answers; asked every 2 s while parts stall. */
  readonly probe?: ((options: Abortable) => Promise<boolean>) | undefined;
}

/** How a file is sent. Every option is for one transfer, but `budget`: its owner shares it among all. */
export interface TransferOptions extends RunOptions {
  readonly digest?: DigestPart | undefined;
  /** An upload to go on with; when it is gone, a new one is made and `onRestart` is called. */
  readonly resume?: string | undefined;
  /**
   * Called with every upload that is made or resumed, and awaited before its first byte: what must be remembered of it for
   * another run is remembered then. A failure ends the run.
   */
  readonly onUpload?: ((upload: Upload) => Promise<void>) | undefined;
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  readonly onRestart?: (() => void) | undefined;
}

/** How a file is fetched. */
export interface FetchOptions extends RunOptions {
  /** What an earlier run noted of the sink, and what this one notes. Without it, a fetch that is killed begins anew. */
  readonly journal?: FetchJournal | undefined;
  /** Bytes of a range, for a fetch that begins; one that resumes keeps those that it began with. */
  readonly rangeSize?: number | undefined;
  /** The speed that it is held to; `undefined` is no limit. */
  readonly bytesPerSecond?: (() => number | undefined) | undefined;
  readonly onProgress?: ((progress: FetchProgress) => void) | undefined;
  /** What an earlier run left is of another state of the file, and is of no use. */
  readonly onRestart?: (() => void) | undefined;
}
