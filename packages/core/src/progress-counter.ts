/**
 * What is known of a run's progress, reported at most every 100 ms and whenever the state changes.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import type { Clock, RunProgress, RunState } from "./engine.ts";
import type { TransferError } from "./errors.ts";
import { Speed } from "./speed.ts";
import type { Part, PartDigest, Receipt } from "./store.ts";

const everyMs = 100;

/** What a run is called while its bytes move. */
export type Moving = "uploading" | "downloading";

/** A snapshot of either way. */
export interface Snapshot<M extends Moving> extends RunProgress<RunState | M> {
  readonly id: string | undefined;
  /** Bytes that moved in this run, repeated ones too. */
  readonly bytesMoved: number;
}

export interface ProgressCounterOptions<M extends Moving> {
  readonly size: number;
  readonly clock: Clock;
  readonly moving: M;
  readonly onProgress: (snapshot: Snapshot<M>) => void;
}

/** Counts receipts, bytes in flight and speed. */
export class ProgressCounter<M extends Moving> {
  readonly attempts: Set<Attempt> = new Set();
  readonly #receipts = new Map<number, Receipt>();
  /** Parts that have moved whole and wait for their receipt. */
  readonly #landed = new Map<number, number>();
  readonly #options: ProgressCounterOptions<M>;
  readonly #speed = new Speed();
  #state: RunState | M = "waiting";
  #id: string | undefined;
  #error: TransferError | undefined;
  #confirmed = 0;
  #bytesMoved = 0;
  #parts = 0;
  #skipped: number | undefined;
  #reportedAt = Number.NEGATIVE_INFINITY;
  #dirty = false;

  constructor(options: ProgressCounterOptions<M>) {
    this.#options = options;
  }

  get state(): RunState | M {
    return this.#state;
  }

  /** Whether its bytes move, or would if the line were there. */
  get isMoving(): boolean {
    return this.#state === this.#options.moving || this.#state === "offline";
  }

  get receipts(): ReadonlyMap<number, Receipt> {
    return this.#receipts;
  }

  get snapshot(): Snapshot<M> {
    const { size, clock, moving } = this.#options;
    let inFlight = 0;
    for (const attempt of this.attempts) inFlight += attempt.sent;
    for (const bytes of this.#landed.values()) inFlight += bytes;
    const speed = this.#state === moving ? this.#speed.at(clock.now()) : 0;
    const left = Math.max(0, size - this.#confirmed - inFlight);
    return {
      state: this.#state,
      id: this.#id,
      size,
      confirmed: this.#confirmed,
      inFlight,
      speed,
      secondsLeft: speed > 0 ? left / speed : undefined,
      bytesMoved: this.#bytesMoved,
      parts: this.#parts,
      partsSkipped: this.#skipped ?? 0,
      error: this.#error,
    };
  }

  /** Begin a run: what moves and is skipped is counted from here. */
  begin(): void {
    this.#bytesMoved = 0;
    this.#skipped = undefined;
  }

  /** Take over what the far side says it holds, which wins over what was thought. */
  hold(id: string | undefined, parts: number, receipts: Iterable<Receipt>): void {
    this.#id = id;
    this.#parts = parts;
    this.#receipts.clear();
    this.#landed.clear();
    this.#confirmed = 0;
    for (const receipt of receipts) this.#add(receipt);
    this.#touch();
  }

  /** Note how many parts had receipts when the run began. */
  skipped(): void {
    this.#skipped ??= this.#receipts.size;
  }

  /** Note that the upload is gone, and with it every receipt. */
  restarted(): void {
    this.#skipped = 0;
    this.#receipts.clear();
    this.#landed.clear();
    this.#confirmed = 0;
  }

  /** Note that a part has moved whole, and that its receipt is to come. */
  landed({ number, size }: Part): void {
    this.#landed.set(number, size);
  }

  confirm(receipt: Receipt, digest: PartDigest | undefined): void {
    this.#add(digest === undefined ? receipt : { ...receipt, digest: { ...digest, ...receipt.digest } });
    this.#error = undefined;
    this.#touch();
  }

  moved(bytes: number): void {
    this.#bytesMoved += bytes;
    this.#speed.add(bytes, this.#options.clock.now());
    this.#touch();
  }

  /** Say that bytes move again. */
  move(error?: TransferError): void {
    this.enter(this.#options.moving, error);
  }

  /** Change the state; an error is reported with it, and stays until something goes well. */
  enter(state: RunState | M, error?: TransferError): void {
    if (error !== undefined) this.#error = error;
    else if (state !== "offline" && state !== this.#options.moving) this.#error = undefined;
    if (state === this.#state && error === undefined) return;
    if (state !== this.#state && (state === "paused" || state === "offline")) this.#speed.reset();
    this.#state = state;
    this.#report();
  }

  /** Tell what has not been told, if it is time. */
  flush(): void {
    if (this.#dirty) this.#touch();
  }

  #add(receipt: Receipt): void {
    const before = this.#receipts.get(receipt.part.number)?.part.size ?? 0;
    this.#landed.delete(receipt.part.number);
    this.#receipts.set(receipt.part.number, receipt);
    this.#confirmed += receipt.part.size - before;
  }

  #touch(): void {
    this.#dirty = true;
    if (this.#options.clock.now() - this.#reportedAt >= everyMs) this.#report();
  }

  #report(): void {
    this.#dirty = false;
    this.#reportedAt = this.#options.clock.now();
    this.#options.onProgress(this.snapshot);
  }
}
