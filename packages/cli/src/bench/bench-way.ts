/** One way to carry files, as `naru bench` goes it. */

import type { Abortable, ExperimentWay } from "@naru/core";
import type { LocalFile } from "../local-files.ts";

export interface CarryOptions extends Abortable {
  /** Files at once. */
  readonly parallel: number;
  /** Called with bytes that have gone out, or come in, since the last call. */
  readonly onBytes: (bytes: number) => void;
}

/** A file at the server, and where it goes to here. */
export interface Wanted {
  readonly path: string;
  readonly size: number;
  readonly to: string;
}

/** Ready to carry; what it costs to connect is part of `send` and `fetch`. */
export interface BenchWay {
  readonly way: ExperimentWay;
  /** What has to be done before, and is not measured. */
  prepare?(files: readonly LocalFile[], folder: string, options: Abortable): Promise<void>;
  /** Send files into a folder at the server, given with its final `/`. */
  send(files: readonly LocalFile[], folder: string, options: CarryOptions): Promise<void>;
  /** Fetch files to this disk. Absent where the way only sends. */
  fetch?(files: readonly Wanted[], options: CarryOptions): Promise<void>;
  /** What has to be done afterwards, and is not measured. */
  finish?(): Promise<void>;
  /** CPU time of the client's side beyond this process, in seconds; absent where there is none. */
  cpuElsewhere?(): number | undefined;
}

/** Tell of what passes. */
export async function* counted(
  body: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    onBytes(chunk.length);
    yield chunk;
  }
}
