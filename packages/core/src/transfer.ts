/**
 * Moves one file into a store, whatever the line does meanwhile. It ends when the file has arrived and is verified, when the
 * owner cancels, or when something fails that no patience mends; even then the store keeps the parts, for the next run.
 *
 * @module
 */

import { Naps } from "./backoff.ts";
import type { Progress, TransferOptions } from "./engine.ts";
import { RunControl } from "./run-control.ts";
import type { Abortable, Source, Store, StoredFile, UploadSpec } from "./store.ts";
import type { Snapshot } from "./tally.ts";
import { Tally } from "./tally.ts";
import { TransferRun } from "./transfer-run.ts";

/** One file on its way. */
export class Transfer {
  readonly #tally: Tally<"uploading">;
  readonly #control: RunControl<StoredFile, "uploading">;

  constructor(source: Source, store: Store, spec: UploadSpec, options: TransferOptions) {
    const { clock, onProgress } = options;
    const tally = new Tally({
      size: source.size,
      clock,
      moving: "uploading",
      onProgress: (snapshot) => onProgress?.(progressOf(snapshot)),
    });
    const naps = new Naps(clock);
    const run = new TransferRun({ source, store, spec: { ...spec, size: source.size }, options, tally, naps });
    this.#tally = tally;
    this.#control = new RunControl({ work: run, tally, naps });
  }

  /** Where it stands. */
  get progress(): Progress {
    return progressOf(this.#tally.snapshot);
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

  /** Do not wait any longer before the next try: the line may be back. */
  wake(): void {
    this.#control.wake();
  }
}

function progressOf({ bytesMoved, ...snapshot }: Snapshot<"uploading">): Progress {
  return { ...snapshot, bytesSent: bytesMoved };
}
