/**
 * Fetches one file into a sink, whatever the line does meanwhile: the other way of `Transfer`, over the same engine. It ends
 * when the file is whole, verified and has its name, when the owner cancels, or when something fails that no patience mends;
 * even then the sink and the journal keep what has come, for the next run.
 *
 * @module
 */

import { Sleeper } from "./backoff.ts";
import type { FetchOptions, FetchProgress } from "./engine.ts";
import type { Fetched } from "./fetch-run.ts";
import { FetchRun } from "./fetch-run.ts";
import type { Snapshot } from "./progress-counter.ts";
import { ProgressCounter } from "./progress-counter.ts";
import type { RangeReader } from "./range-reader.ts";
import { RunControl, type WakeOptions } from "./run-control.ts";
import type { Sink } from "./sink.ts";
import type { Abortable } from "./store.ts";

export type { Fetched } from "./fetch-run.ts";

/** One file on its way here. */
export class Fetch {
  readonly #counter: ProgressCounter<"downloading">;
  readonly #control: RunControl<Fetched, "downloading">;

  constructor(reader: RangeReader, sink: Sink, options: FetchOptions) {
    const { clock, onProgress } = options;
    const counter = new ProgressCounter({
      size: reader.file.size,
      clock,
      moving: "downloading",
      onProgress: (snapshot) => onProgress?.(progressOf(snapshot)),
    });
    const sleeper = new Sleeper(clock);
    const run = new FetchRun({ reader, sink, options, counter, sleeper });
    this.#counter = counter;
    this.#control = new RunControl({ work: run, counter, sleeper });
  }

  /** Where it stands. */
  get progress(): FetchProgress {
    return progressOf(this.#counter.snapshot);
  }

  /**
   * Begin, or resume after a failure or a pause; while it runs, every call gives the same promise. A pause leaves the promise
   * open. When the signal of the first call aborts, fetching stops and what is durable stays.
   *
   * @throws {TransferError} `conflict` when the file changes at the far side; `checksum-mismatch` when what came is not what
   *   the far side holds: then nothing is kept; `no-space`
   * @throws {DOMException} `AbortError` once it is cancelled
   */
  run(options: Abortable = {}): Promise<Fetched> {
    return this.#control.run(options);
  }

  /** Stop fetching at once; what is durable stays. */
  pause(): void {
    this.#control.pause();
  }

  /** Resume after a pause. */
  resume(): void {
    this.#control.resume();
  }

  /** Stop for good and throw away what has come. A file that is whole stays. */
  async cancel(): Promise<void> {
    await this.#control.cancel();
  }

  /** Do not wait any longer before the next try: the line may be back, or the computer awake again. */
  wake(options: WakeOptions = {}): void {
    this.#control.wake(options);
  }
}

function progressOf({ bytesMoved, id: _, ...snapshot }: Snapshot<"downloading">): FetchProgress {
  return { ...snapshot, bytesReceived: bytesMoved };
}
