/**
 * One try at moving one part.
 *
 * @module
 */

import type { LinkedController } from "./abortable.ts";
import { linked } from "./abortable.ts";
import { dispose } from "./disposal.ts";
import { TransferError } from "./errors.ts";
import type { Abortable, Part } from "./store.ts";

/** Why a try was given up: it went on too long without a sign of life, or the line was cut and is back. */
export type GivenUp = "stalled" | "line-back";

export interface AttemptOptions extends Abortable {
  readonly patience: number;
  /** Bytes that earlier tries have moved for good. */
  readonly from?: number | undefined;
}

/** A try: how far it has come, when it last moved, and how to give it up. */
export class Attempt implements Disposable {
  readonly part: Part;
  /** Grows with every stall of this part, so that a slow line is not taken for a dead one for ever. */
  readonly patience: number;
  readonly began: number;
  /** Resolves when another try of the same part was there first, with what is to be called then. */
  readonly overtaken: Promise<() => void>;
  readonly #controller: LinkedController;
  readonly #from: number;
  #overtake: (land: () => void) => void = () => undefined;
  #second: Attempt | undefined;
  #sent: number;
  #moved: number;
  #givenUp: GivenUp | undefined;

  constructor(part: Part, now: number, { patience, from = 0, signal }: AttemptOptions) {
    this.part = part;
    this.patience = patience;
    this.began = now;
    this.#from = from;
    this.overtaken = new Promise((resolve) => {
      this.#overtake = resolve;
    });
    this.#sent = from;
    this.#controller = linked({ signal });
    this.#moved = now;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Bytes that have moved, with those of earlier tries that need not move again. */
  get sent(): number {
    return this.#sent;
  }

  /** Bytes that have yet to move. */
  get left(): number {
    return this.part.size - this.#sent;
  }

  /** Bytes per millisecond since it began. */
  rate(now: number): number {
    return Math.max(1, this.#sent - this.#from) / Math.max(1, now - this.began);
  }

  /** The last other try of the same part. */
  get second(): Attempt | undefined {
    return this.#second;
  }

  get givenUp(): GivenUp | undefined {
    return this.#givenUp;
  }

  /** Note that `sent` bytes have moved; tell how many are new. */
  advance(sent: number, now: number): number {
    const fresh = Math.min(sent, this.part.size) - this.#sent;
    if (fresh <= 0 || this.signal.aborted) return 0;
    this.#sent += fresh;
    this.#moved = now;
    return fresh;
  }

  /** Milliseconds since it last moved. */
  idle(now: number): number {
    return now - this.#moved;
  }

  /** Begin another try of the same part, in place of an earlier one. It ends when this one does. */
  chase(now: number): Attempt {
    this.#second?.[dispose]();
    this.#second = new Attempt(this.part, now, { patience: this.patience, signal: this.signal });
    return this.#second;
  }

  /** Another try of the same part was there first: `land` is to be called then. */
  overtake(land: () => void): void {
    this.#overtake(land);
  }

  giveUp(why: GivenUp): void {
    if (this.signal.aborted) return;
    this.#givenUp = why;
    this.#controller.abort(
      new TransferError("unreachable", `Cannot send part "${this.part.number}": no data has moved`),
    );
  }

  /** Whatever still moves this part stops. */
  [dispose](): void {
    this.#controller.abort();
    this.#controller[dispose]();
  }
}
