/**
 * The page's part of the experiment: random files by all ways that a page has, in rounds; it runs in a worker, as the page's
 * transfers do. What it sent is removed at the end.
 *
 * @module
 */

import type { Experiment, ExperimentComputer, ExperimentRun, WireStoreInfo } from "@naru/core";
import { NaruApi } from "../../api.ts";
import { caseKey } from "../../experiment/results.ts";
import { type Task as ScheduledTask, scheduleOf } from "../../experiment/schedule.ts";
import { timed } from "../../experiment/timed.ts";
import { Hasher } from "../hasher.ts";
import { findRoute, type Route } from "../route.ts";
import { engineWay, keepsFiles } from "./engine-way.ts";
import { OpenUploads } from "./open-uploads.ts";
import type { ExperimentProgress, PageWay } from "./page-way.ts";
import { plainWay } from "./plain-way.ts";
import { randomFile } from "./random-file.ts";
import { removeSent } from "./remove-sent.ts";

/** What is measured, and where. */
export interface ExperimentWishes {
  readonly origin: string;
  /** The folder of its own that it sends to, without a final `/`. */
  readonly folder: string;
  readonly sizes: readonly number[];
  readonly rounds: number;
  readonly download: boolean;
  readonly computer: ExperimentComputer;
}

export interface ExperimentListener {
  progress(progress: ExperimentProgress): void;
  /** These uploads are unfinished now. */
  uploads(ids: readonly string[]): void;
}

export interface PageResult {
  readonly experiment: Experiment;
  /** Whether what was sent is gone again. */
  readonly isRemoved: boolean;
}

type Task = ScheduledTask<PageWay>;
type Left = Experiment["left"][number];

/** Run it. When the signal aborts, it ends with what had been measured by then. @throws {TransferError} when nothing can be measured */
export async function runExperiment(
  wishes: ExperimentWishes,
  listener: ExperimentListener,
  signal: AbortSignal,
): Promise<PageResult> {
  const { origin, folder, sizes, rounds, download, computer } = wishes;
  const began = new Date().toISOString();
  const api = new NaruApi({ origin });
  const uploads = new OpenUploads(api, (ids) => listener.uploads(ids));
  const { ways, left } = await openWays(api, { uploads, download, signal });
  const schedule = scheduleOf(ways, { sizes, parallel: [1], download, runs: rounds });
  const runs: ExperimentRun[] = [];
  const whole = schedule.reduce((sum, { size }) => sum + size, 0);
  const run = new Run({ api, folder, listener, ways, whole, signal });
  const failing = new Set<string>();
  let failure: unknown;
  try {
    for (const task of schedule) {
      const key = `${task.way.way} ${caseKey(task)}`;
      // What fails once fails in all rounds, most often after long patience.
      const made = failing.has(key) ? undefined : await run.once(task);
      if (made !== undefined) runs.push(made);
      if (made?.failure !== undefined) failing.add(key);
    }
  } catch (error) {
    failure = signal.aborted ? undefined : error;
  }
  const isRemoved = await removeSent(api, folder).then(
    () => true,
    () => false,
  );
  if (failure !== undefined) throw failure;
  return { experiment: { version: "1", began, server: origin, computers: [computer], left, runs }, isRemoved };
}

interface Opening {
  readonly uploads: OpenUploads;
  readonly download: boolean;
  readonly signal: AbortSignal;
}

async function openWays(
  api: NaruApi,
  { uploads, download, signal }: Opening,
): Promise<{ readonly ways: readonly PageWay[]; readonly left: readonly Left[] }> {
  const [{ store }, route, isKeeping] = await Promise.all([
    api.session({ probe: false, signal }),
    findRoute(api),
    keepsFiles(),
  ]);
  const context = { api, hashes: new Hasher(), store, route, uploads, isKeeping };
  const direct = route.kind === "direct" ? [engineWay("direct", context)] : [];
  const left = [
    ...(direct.length === 0 ? [leftOut("direct", whyNotDirect(store, route))] : []),
    ...(download && !isKeeping ? [leftOut("proxy", "Downloads: the browser gives this page no files.")] : []),
    leftOut("agent", "naru bench measures it, on the computer where it runs."),
  ];
  return { ways: [plainWay(context), ...direct, engineWay("proxy", context)], left };
}

function leftOut(way: Left["way"], why: string): Left {
  return { place: "browser", way, why };
}

function whyNotDirect({ direct }: WireStoreInfo, { fallback }: Route): string {
  if (!direct) return "The server's store does not sign requests.";
  return fallback === "cors" ? "The store does not admit this page (CORS)." : "The store did not answer this page.";
}

interface RunContext {
  readonly api: NaruApi;
  readonly folder: string;
  readonly listener: ExperimentListener;
  readonly ways: readonly PageWay[];
  readonly whole: number;
  readonly signal: AbortSignal;
}

/** Does one task after the other; of the files it holds one. */
class Run {
  readonly #context: RunContext;
  readonly #sent = new Set<string>();
  #file = new Blob();
  #done = 0;

  constructor(context: RunContext) {
    this.#context = context;
  }

  async once(task: Task): Promise<ExperimentRun> {
    const { api, folder, signal } = this.#context;
    const { way, direction, size } = task;
    this.#tell(task, 0);
    const isUp = direction === "up";
    if (isUp && this.#file.size !== size) this.#file = await randomFile(size, signal);
    const path = isUp ? `${folder}/${way.way}/${size}.bin` : `${folder}/fetched/${size}.bin`;
    const of = { ...task, way: way.way, place: "browser" as const };
    try {
      if (isUp) await way.prepare?.(this.#file, path, { signal });
      else {
        await this.#there(path, size);
        await way.find?.(path, { signal });
      }
      signal.throwIfAborted();
      return { ...of, ...(await timed((onBytes) => this.#carry(task, path, onBytes))) };
    } catch (error) {
      signal.throwIfAborted();
      return { ...of, failure: textOf(error) };
    } finally {
      this.#done += size;
      // What cannot be removed now is tried once more at the end.
      await Promise.resolve(way.finish?.())
        .then(() => (isUp ? api.remove(path) : undefined))
        .catch(() => undefined);
    }
  }

  async #carry(task: Task, path: string, onBytes: (bytes: number) => void): Promise<void> {
    let carried = 0;
    const options = {
      signal: this.#context.signal,
      onBytes: (bytes: number) => {
        carried += bytes;
        onBytes(bytes);
        this.#tell(task, carried);
      },
    };
    if (task.direction === "up") await task.way.send(this.#file, path, options);
    else await task.way.fetch?.(path, options);
  }

  /** What is fetched was sent once, before the first. */
  async #there(path: string, size: number): Promise<void> {
    if (this.#sent.has(path)) return;
    const { ways, signal } = this.#context;
    if (this.#file.size !== size) this.#file = await randomFile(size, signal);
    const onBytes = (): void => undefined;
    // Not by the first, which completes nothing.
    await ways[1]?.send(this.#file, path, { signal, onBytes });
    this.#sent.add(path);
  }

  #tell({ way, direction, size, round }: Task, carried: number): void {
    const { listener, whole } = this.#context;
    const sofar = this.#done + Math.min(size, carried);
    listener.progress({ way: way.way, direction, size, round, carried: sofar, whole });
  }
}

function textOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).slice(0, 1000);
}
