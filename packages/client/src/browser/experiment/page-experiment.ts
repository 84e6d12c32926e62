/**
 * The page's end of its part of the experiment: starts the worker that runs it, and removes what it sent when the page is
 * left meanwhile, as far as a page then can.
 *
 * @module
 */

import { type Experiment, TransferError } from "@naru/core";
import { NaruApi } from "../../api.ts";
import { randomId } from "../tab-locks.ts";
import type { FromExperiment, ToExperiment } from "./experiment-messages.ts";
import type { ExperimentWishes } from "./experiment-run.ts";
import { forgetFolder, keepFolder } from "./left-folders.ts";
import type { ExperimentProgress } from "./page-way.ts";

export { leftFolders, removeLeftFolder } from "./left-folders.ts";
export type { ExperimentProgress } from "./page-way.ts";

export interface PageExperimentOptions extends Omit<ExperimentWishes, "folder"> {
  readonly onProgress: (progress: ExperimentProgress) => void;
}

/** One experiment, from its start to its end. */
export class PageExperiment {
  readonly #folder: string = `naru-bench-${randomId().slice(0, 8)}`;
  /** What was measured; after `stop` what had been measured by then. @throws {TransferError} when the page was left, too */
  readonly ended: Promise<Experiment>;
  readonly #worker: Worker;
  readonly #origin: string;
  #reject: (error: TransferError) => void = () => undefined;
  #uploads: readonly string[] = [];

  constructor({ onProgress, ...wishes }: PageExperimentOptions) {
    this.#origin = wishes.origin;
    this.#worker = new Worker(new URL("./experiment-worker.ts", import.meta.url), { type: "module" });
    const ended = new Promise<Experiment>((resolve, reject) => {
      this.#reject = reject;
      this.#worker.onmessage = ({ data }: MessageEvent<FromExperiment>) => {
        if (data.kind === "progress") onProgress(data.progress);
        else if (data.kind === "uploads") this.#uploads = data.ids;
        else if (data.kind === "ended") {
          if (data.result.isRemoved) forgetFolder(this.#folder);
          resolve(data.result.experiment);
        } else reject(new TransferError(data.error.code, data.error.message));
      };
    });
    this.#worker.onerror = ({ message }) =>
      this.#reject(new TransferError("internal", `Cannot measure: the worker says "${message}"`));
    this.ended = ended.finally(() => this.#end());
    keepFolder(this.#folder);
    addEventListener("pagehide", this.#leave);
    this.#post({ kind: "start", wishes: { ...wishes, folder: this.#folder } });
  }

  /** End it early; it removes what it sent, then `ended` resolves. */
  stop(): void {
    this.#post({ kind: "stop" });
  }

  #post(message: ToExperiment): void {
    this.#worker.postMessage(message);
  }

  #end(): void {
    removeEventListener("pagehide", this.#leave);
    this.#worker.terminate();
  }

  /** A page that is left waits for nothing, but these requests outlive it. While a file is on its way, its folder stays. */
  readonly #leave = (): void => {
    // It may come back from the browser's cache.
    this.#reject(new TransferError("unreachable", "Cannot measure: the page was left"));
    const api = new NaruApi({
      origin: this.#origin,
      fetch: (url, { signal: _, ...init }) => globalThis.fetch(url, { ...init, keepalive: true }),
    });
    for (const id of this.#uploads) void api.abort(id).catch(() => undefined);
    void api.removeFolder(this.#folder, { recursive: true }).catch(() => undefined);
  };
}
