/** What a sync tells: lines for people and scripts, and the exit code. */

import { isTransferError } from "@naru/core";
import { exitCodeOf } from "../exit-code.ts";
import { explain } from "../explain.ts";
import type { ProgressView } from "../progress.ts";
import { paceText, sizeText } from "../progress-line.ts";
import { escaped, shownName } from "../terminal-text.ts";
import type { Outcomes } from "./carrier.ts";

export interface SyncReportOptions {
  readonly progress: ProgressView;
  readonly signal: AbortSignal;
  readonly json: boolean;
  readonly dryRun: boolean;
  readonly direction: Direction;
}

/** `copy` is from one store to another, and deletes nothing. */
type Direction = "up" | "down" | "copy";

const verbs: Readonly<Record<Direction, string>> = { up: "sent", down: "fetched", copy: "copied" };

type Planned = "new" | "changed" | "folder" | "delete";

/** Counts what becomes of a sync, and says it. */
export class SyncReport implements Outcomes {
  readonly #options: SyncReportOptions;
  readonly #began = performance.now();
  #carried = 0;
  #deleted = 0;
  #same = 0;
  #left = 0;
  #failed = 0;
  #bytes = 0;
  #isMissing = false;

  constructor(options: SyncReportOptions) {
    this.#options = options;
  }

  arrived(size: number, moved: number): void {
    this.#carried += 1;
    this.#bytes += this.#options.direction === "copy" ? size : moved;
    this.#options.progress.count({ files: 1, bytes: size, sent: moved });
  }

  provedSame(size: number): void {
    this.#same += 1;
    this.#options.progress.count({ files: 1, bytes: size, sent: 0 });
  }

  same(): void {
    this.#same += 1;
  }

  /** Whether a file that the source has is not at the target, though there was room for it. */
  get isMissing(): boolean {
    return this.#isMissing;
  }

  /** Whether some of it went well and some did not. */
  get isPartial(): boolean {
    return this.#failed > 0 && this.#carried + this.#same > 0;
  }

  failed(path: string, error: unknown): void {
    // Deleting what is too much makes room.
    this.#isMissing ||= !(isTransferError(error) && error.code === "no-space");
    this.#fail(error, `${escaped(path)}: `);
  }

  /** Something cannot be carried or done, and the error says what. */
  refused(error: unknown): void {
    this.#fail(error, "");
  }

  /** Something stays as it is, which is no failure. */
  left(path: string, why: string): void {
    this.#left += 1;
    this.#options.progress.say(`${escaped(path)}: left out, ${why}`);
  }

  deleted(path: string): void {
    this.#deleted += 1;
    if (this.#options.json) console.log(JSON.stringify({ deleted: path }));
    else this.#options.progress.say(`${escaped(path)}  deleted`);
  }

  madeFolder(path: string): void {
    if (this.#options.json) console.log(JSON.stringify({ folder: path }));
  }

  /** Say what would be done. */
  planned(what: Planned, path: string, size?: number): void {
    if (what === "delete") this.#deleted += 1;
    else if (what !== "folder") this.#carried += 1;
    this.#bytes += size ?? 0;
    if (this.#options.json) console.log(JSON.stringify({ would: what, path, size }));
    else console.log(`${what.padEnd(8)} ${shownName(path)}`);
  }

  /** Say how it went, in one line. */
  end(): void {
    const { progress, dryRun, direction } = this.#options;
    const verb = `${dryRun ? "to be " : ""}${verbs[direction]}`;
    const seconds = (performance.now() - this.#began) / 1000;
    const counts = [
      `${count(this.#carried)} ${verb}`,
      ...(direction === "copy" ? [] : [`${count(this.#deleted)} ${dryRun ? "to be deleted" : "deleted"}`]),
      `${count(this.#same)} the same`,
      ...(this.#left > 0 ? [`${count(this.#left)} left out`] : []),
      ...(this.#failed > 0 ? [`${count(this.#failed)} failed`] : []),
    ];
    const pace = dryRun ? "" : `  ${paceText(this.#bytes, seconds)}`;
    progress.say(`${counts.join(", ")}  ${sizeText(this.#bytes)}${pace}`);
  }

  #fail(error: unknown, before: string): void {
    const { progress, signal } = this.#options;
    if (signal.aborted) return;
    this.#failed += 1;
    process.exitCode ||= exitCodeOf(error);
    progress.say(`naru: ${before}${explain(error)}`);
  }
}

function count(files: number): string {
  return files.toLocaleString("en");
}
