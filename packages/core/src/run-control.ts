/**
 * Starts, pauses and stops a run, whichever way its bytes go.
 *
 * @module
 */

import type { LinkedController } from "./abortable.ts";
import { linked, orAborted } from "./abortable.ts";
import type { Sleeper } from "./backoff.ts";
import type { Moving, ProgressCounter } from "./progress-counter.ts";
import { asTransferError } from "./retrying.ts";
import type { Abortable } from "./store.ts";

/** What is controlled. */
export interface ControlledWork<Result> {
  /** Go from wherever it stands to the end; called again after it was stopped or failed. */
  go(options: Required<Abortable>): Promise<Result>;
  /** Forget what was begun. */
  abort(): Promise<void>;
}

export interface RunControlContext<Result, M extends Moving> {
  readonly work: ControlledWork<Result>;
  readonly counter: ProgressCounter<M>;
  readonly sleeper: Sleeper;
}

/** What woke a run. */
export interface WakeOptions {
  /** The connections that it has are known to be dead, as after a sleep: what is under way begins again on new ones. */
  readonly reconnect?: boolean | undefined;
}

/** One run, as its owner sees it. */
export class RunControl<Result, M extends Moving> {
  readonly #context: RunControlContext<Result, M>;
  #running: Promise<Result> | undefined;
  #stop: LinkedController = linked({});
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #cancelled: DOMException | undefined;

  constructor(context: RunControlContext<Result, M>) {
    this.#context = context;
  }

  run(options: Abortable = {}): Promise<Result> {
    if (this.#context.counter.state === "paused") this.resume();
    if (this.#running !== undefined) return this.#running;
    const running = this.#loop(options);
    this.#running = running;
    const forget = (): void => {
      this.#running = undefined;
    };
    // Whoever called meets the failure; what has arrived stays so.
    running.catch(forget);
    return running;
  }

  pause(): void {
    if (this.#pause !== undefined || this.#cancelled !== undefined || this.#hasEnded()) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pause = { over, end };
    this.#stop.abort(new DOMException("The transfer is paused", "AbortError"));
    this.#context.counter.enter("paused");
  }

  resume(): void {
    const pause = this.#pause;
    if (pause === undefined) return;
    this.#pause = undefined;
    this.#context.counter.enter("waiting");
    pause.end();
  }

  async cancel(): Promise<void> {
    const { counter, work } = this.#context;
    if (counter.state === "done") return;
    this.#cancelled ??= new DOMException("The transfer was cancelled", "AbortError");
    this.#stop.abort(this.#cancelled);
    this.#pause?.end();
    counter.enter("cancelled");
    // It ends because we stopped it; whoever ran it meets the error.
    const result = await this.#running?.catch(() => undefined);
    if (result !== undefined) return;
    await work.abort();
  }

  wake({ reconnect = false }: WakeOptions = {}): void {
    if (reconnect) this.#reconnect();
    this.#context.sleeper.wake();
  }

  #reconnect(): void {
    const { counter } = this.#context;
    if (counter.isMoving) for (const attempt of counter.attempts) attempt.giveUp("line-back");
    // A question that hangs is asked again: the loop goes on from what the far side says that it holds.
    else if (this.#running !== undefined && this.#pause === undefined && this.#cancelled === undefined) {
      if (!this.#hasEnded()) this.#stop.abort(new DOMException("The connections are dead", "AbortError"));
    }
  }

  async #loop(options: Abortable): Promise<Result> {
    const { counter, work } = this.#context;
    counter.begin();
    for (;;) {
      if (this.#pause !== undefined) await orAborted(this.#pause.over, options);
      if (this.#cancelled !== undefined) throw this.#cancelled;
      options.signal?.throwIfAborted();
      using stop = linked(options);
      this.#stop = stop;
      const { signal } = stop;
      try {
        const result = await work.go({ signal });
        counter.enter("done");
        return result;
      } catch (reason) {
        if (options.signal?.aborted) {
          counter.enter("paused");
          throw options.signal.reason;
        }
        if (signal.aborted) continue;
        const error = asTransferError(reason);
        counter.enter("failed", error);
        throw error;
      }
    }
  }

  #hasEnded(): boolean {
    const { state } = this.#context.counter;
    return state === "done" || state === "failed" || state === "cancelled";
  }
}
