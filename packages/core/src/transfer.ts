/**
 * Moves one file into a store, whatever the line does meanwhile. It ends when the file has arrived and is verified, when the
 * owner cancels, or when something fails that no patience mends; even then the store keeps the parts, for the next run.
 *
 * @module
 */

import { Naps } from "./backoff.ts";
import type { Progress, TransferOptions } from "./engine.ts";
import type { TransferError } from "./errors.ts";
import { asTransferError } from "./retrying.ts";
import type { Source, Store, StoredFile, UploadSpec } from "./store.ts";
import { Tally } from "./tally.ts";
import { TransferRun } from "./transfer-run.ts";

/** One file on its way. */
export class Transfer {
  readonly #store: Store;
  readonly #tally: Tally;
  readonly #naps: Naps;
  readonly #run: TransferRun;
  #running: Promise<StoredFile> | undefined;
  #stop = new AbortController();
  #pause: { readonly over: Promise<void>; readonly end: () => void } | undefined;
  #cancelled: DOMException | undefined;

  constructor(source: Source, store: Store, spec: UploadSpec, options: TransferOptions) {
    this.#store = store;
    this.#tally = new Tally(source.size, options.clock, options.onProgress);
    this.#naps = new Naps(options.clock);
    const context = {
      source,
      store,
      spec: { ...spec, size: source.size },
      options,
      tally: this.#tally,
      naps: this.#naps,
    };
    this.#run = new TransferRun(context);
  }

  /** Where it stands. */
  get progress(): Progress {
    return this.#tally.snapshot;
  }

  /**
   * Begin, or go on after a failure or a pause; while it runs, every call gives the same promise. A pause leaves the promise open.
   *
   * @throws {TransferError} what no patience mends; nothing is aborted at the store
   * @throws {DOMException} `AbortError` once it is cancelled
   */
  run(): Promise<StoredFile> {
    if (this.#tally.state === "paused") this.resume();
    if (this.#running !== undefined) return this.#running;
    const running = this.#loop();
    this.#running = running;
    const forget = (): void => {
      this.#running = undefined;
    };
    // Whoever called meets the failure; a file that has arrived stays so.
    running.catch(forget);
    return running;
  }

  /** Stop sending at once; what has a receipt keeps it. */
  pause(): void {
    if (this.#pause !== undefined || this.#cancelled !== undefined || this.#hasEnded()) return;
    let end = (): void => undefined;
    const over = new Promise<void>((resolve) => {
      end = resolve;
    });
    this.#pause = { over, end };
    this.#stop.abort(new DOMException("The transfer is paused", "AbortError"));
    this.#tally.enter("paused");
  }

  /** Go on after a pause. */
  resume(): void {
    const pause = this.#pause;
    if (pause === undefined) return;
    this.#pause = undefined;
    this.#tally.enter("waiting");
    pause.end();
  }

  /** Stop for good and forget the upload at the store. A file that has arrived stays. */
  async cancel(): Promise<void> {
    if (this.#tally.state === "done") return;
    this.#cancelled ??= new DOMException("The transfer was cancelled", "AbortError");
    this.#stop.abort(this.#cancelled);
    this.#pause?.end();
    this.#tally.enter("cancelled");
    // It ends because we stopped it; whoever ran it meets the error.
    const file = await this.#running?.catch(() => undefined);
    if (file !== undefined) return;
    await this.#run.abort(this.#store);
  }

  /** Do not wait any longer before the next try: the line may be back. */
  wake(): void {
    this.#naps.wake();
  }

  async #loop(): Promise<StoredFile> {
    this.#tally.begin();
    for (;;) {
      await this.#pause?.over;
      if (this.#cancelled !== undefined) throw this.#cancelled;
      this.#stop = new AbortController();
      const { signal } = this.#stop;
      try {
        const file = await this.#run.go({ signal });
        this.#tally.enter("done");
        return file;
      } catch (reason) {
        if (signal.aborted) continue;
        const error: TransferError = asTransferError(reason);
        this.#tally.enter("failed", error);
        throw error;
      }
    }
  }

  #hasEnded(): boolean {
    const { state } = this.#tally;
    return state === "done" || state === "failed" || state === "cancelled";
  }
}
