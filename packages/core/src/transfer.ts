/**
 * Moves one file into a store, whatever the line does meanwhile. It ends when the file has arrived and is verified, when the
 * owner cancels, or when something fails that no patience mends; even then the store keeps the parts, for the next run.
 *
 * @module
 */

import { Sleeper } from "./backoff.ts";
import type { Progress, TransferOptions } from "./engine.ts";
import type { Snapshot } from "./progress-counter.ts";
import { ProgressCounter } from "./progress-counter.ts";
import { RunControl, type WakeOptions } from "./run-control.ts";
import type { Abortable, Source, Store, StoredFile, UploadSpec } from "./store.ts";
import { TransferRun } from "./transfer-run.ts";

/** One file on its way. */
export class Transfer {
  readonly #counter: ProgressCounter<"uploading">;
  readonly #control: RunControl<StoredFile, "uploading">;

  constructor(source: Source, store: Store, spec: UploadSpec, options: TransferOptions) {
    const { clock, onProgress } = options;
    const counter = new ProgressCounter({
      size: source.size,
      clock,
      moving: "uploading",
      onProgress: (snapshot) => onProgress?.(progressOf(snapshot)),
    });
    const sleeper = new Sleeper(clock);
    const run = new TransferRun({ source, store, spec: { ...spec, size: source.size }, options, counter, sleeper });
    this.#counter = counter;
    this.#control = new RunControl({ work: run, counter, sleeper });
  }

  /** Where it stands. */
  get progress(): Progress {
    return progressOf(this.#counter.snapshot);
  }

  /**
   * Begin, or resume after a failure or a pause; while it runs, every call gives the same promise. A pause leaves the promise
   * open. When the signal of the first call aborts, sending stops and what has arrived stays at the store.
   *
   * @throws {TransferError} what no patience mends; nothing is aborted at the store
   * @throws {DOMException} `AbortError` once it is cancelled
   */
  run(options: Abortable = {}): Promise<StoredFile> {
    return this.#control.run(options);
  }

  /** Stop sending at once; what has a receipt keeps it. */
  pause(): void {
    this.#control.pause();
  }

  /** Resume after a pause. */
  resume(): void {
    this.#control.resume();
  }

  /** Stop for good and forget the upload at the store. A file that has arrived stays. */
  async cancel(): Promise<void> {
    await this.#control.cancel();
  }

  /** Do not wait any longer before the next try: the line may be back, or the computer awake again. */
  wake(options: WakeOptions = {}): void {
    this.#control.wake(options);
  }
}

function progressOf({ bytesMoved, ...snapshot }: Snapshot<"uploading">): Progress {
  return { ...snapshot, bytesSent: bytesMoved };
}
