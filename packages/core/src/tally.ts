/**
 * What is known of a transfer's progress, told at most every 100 ms and whenever the state changes.
 *
 * @module
 */

import type { Attempt } from "./attempt.ts";
import type { Clock, Progress, TransferState } from "./engine.ts";
import type { TransferError } from "./errors.ts";
import { Speed } from "./speed.ts";
import type { PartDigest, Receipt } from "./store.ts";

const everyMs = 100;

/** Counts receipts, bytes in flight and speed. */
export class Tally {
  readonly attempts: Set<Attempt> = new Set();
  readonly #receipts = new Map<number, Receipt>();
  readonly #size: number;
  readonly #clock: Clock;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  readonly #speed = new Speed();
  #state: TransferState = "waiting";
  #id: string | undefined;
  #error: TransferError | undefined;
  #confirmed = 0;
  #bytesSent = 0;
  #parts = 0;
  #skipped: number | undefined;
  #told = Number.NEGATIVE_INFINITY;
  #dirty = false;

  constructor(size: number, clock: Clock, onProgress: ((progress: Progress) => void) | undefined) {
    this.#size = size;
    this.#clock = clock;
    this.#onProgress = onProgress;
  }

  get state(): TransferState {
    return this.#state;
  }

  get receipts(): ReadonlyMap<number, Receipt> {
    return this.#receipts;
  }

  get snapshot(): Progress {
    let inFlight = 0;
    for (const attempt of this.attempts) inFlight += attempt.sent;
    const speed = this.#state === "uploading" ? this.#speed.at(this.#clock.now()) : 0;
    const left = Math.max(0, this.#size - this.#confirmed - inFlight);
    return {
      state: this.#state,
      id: this.#id,
      size: this.#size,
      confirmed: this.#confirmed,
      inFlight,
      speed,
      secondsLeft: speed > 0 ? left / speed : undefined,
      bytesSent: this.#bytesSent,
      parts: this.#parts,
      partsSkipped: this.#skipped ?? 0,
      error: this.#error,
    };
  }

  /** Begin a run: what was sent and skipped is counted from here. */
  begin(): void {
    this.#bytesSent = 0;
    this.#skipped = undefined;
  }

  /** Take over what the store says it holds, which wins over what was thought. */
  hold(id: string, parts: number, receipts: Iterable<Receipt>): void {
    this.#id = id;
    this.#parts = parts;
    this.#receipts.clear();
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
    this.#confirmed = 0;
  }

  confirm(receipt: Receipt, digest: PartDigest | undefined): void {
    this.#add(digest === undefined ? receipt : { ...receipt, digest: { ...digest, ...receipt.digest } });
    this.#error = undefined;
    this.#touch();
  }

  sent(bytes: number): void {
    this.#bytesSent += bytes;
    this.#speed.add(bytes, this.#clock.now());
    this.#touch();
  }

  /** Change the state; an error is told with it, and stays until something goes well. */
  enter(state: TransferState, error?: TransferError): void {
    if (error !== undefined) this.#error = error;
    else if (state !== "offline" && state !== "uploading") this.#error = undefined;
    if (state === this.#state && error === undefined) return;
    if (state !== this.#state && (state === "paused" || state === "offline")) this.#speed.reset();
    this.#state = state;
    this.#tell();
  }

  /** Tell what has not been told, if it is time. */
  flush(): void {
    if (this.#dirty) this.#touch();
  }

  #add(receipt: Receipt): void {
    const before = this.#receipts.get(receipt.part.number)?.part.size ?? 0;
    this.#receipts.set(receipt.part.number, receipt);
    this.#confirmed += receipt.part.size - before;
  }

  #touch(): void {
    this.#dirty = true;
    if (this.#clock.now() - this.#told >= everyMs) this.#tell();
  }

  #tell(): void {
    this.#dirty = false;
    this.#told = this.#clock.now();
    this.#onProgress?.(this.snapshot);
  }
}
