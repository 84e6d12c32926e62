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
  readonly #controller: LinkedController;
  #sent: number;
  #moved: number;
  #givenUp: GivenUp | undefined;

  constructor(part: Part, now: number, { patience, from = 0, signal }: AttemptOptions) {
    this.part = part;
    this.patience = patience;
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

  giveUp(why: GivenUp): void {
    if (this.signal.aborted) return;
    this.#givenUp = why;
    this.#controller.abort(
      new TransferError("unreachable", `Cannot send part "${this.part.number}": no data has moved`),
    );
  }

  [dispose](): void {
    this.#controller[dispose]();
  }
}
