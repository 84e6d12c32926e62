/** Measures one way once. */

import type { Abortable, ExperimentRun } from "@naru/core";
import { explain } from "../explain.ts";
import type { LocalFile } from "../local-files.ts";
import type { BenchWay, Wanted } from "./bench-way.ts";

/** What is carried, and in which round. */
export interface Task extends Pick<ExperimentRun, "direction" | "files" | "size" | "parallel" | "round"> {
  readonly way: BenchWay;
}

export interface TaskFiles {
  readonly local: readonly LocalFile[];
  /** The folder that uploads go to, with its final `/`. */
  readonly folder: string;
  readonly wanted: readonly Wanted[];
}

export interface MeasureOptions extends Abortable {
  /** Called with the bytes that have been carried. */
  readonly onBytes: (bytes: number) => void;
}

const sampleMs = 100;
const mostSamples = 100;

/** Run it. What fails is part of the result, unless the signal ended it. */
export async function measured(
  { way, ...of }: Task,
  { local, folder, wanted }: TaskFiles,
  { signal, onBytes }: MeasureOptions,
): Promise<ExperimentRun> {
  let carried = 0;
  const samples: [number, number][] = [];
  const run = { ...of, way: way.way, place: "command-line" as const };
  try {
    await (of.direction === "up" ? way.prepare?.(local, folder, { signal }) : undefined);
    signal?.throwIfAborted();
    const began = performance.now();
    const since = (): number => (performance.now() - began) / 1000;
    const cpu = process.cpuUsage();
    const elsewhere = way.cpuElsewhere?.();
    const timer = setInterval(() => samples.push([since(), carried]), sampleMs);
    const options = {
      signal,
      parallel: of.parallel,
      onBytes: (bytes: number) => {
        carried += bytes;
        onBytes(carried);
      },
    };
    try {
      if (of.direction === "up") await way.send(local, folder, options);
      else await way.fetch?.(wanted, options);
    } finally {
      clearInterval(timer);
    }
    const seconds = since();
    const { user, system } = process.cpuUsage(cpu);
    const own = (user + system) / 1e6;
    const other = elsewhere === undefined ? 0 : (way.cpuElsewhere?.() ?? elsewhere) - elsewhere;
    return {
      ...run,
      seconds: rounded(seconds),
      cpuSeconds: rounded(own + other),
      bytesCarried: carried,
      samples: thinned([[0, 0], ...samples, [seconds, carried]]),
    };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...run, failure: explain(error) };
  } finally {
    await way.finish?.();
  }
}

/** Of many samples the picture needs few. */
function thinned(samples: readonly (readonly [number, number])[]): [number, number][] {
  const every = Math.ceil(samples.length / mostSamples);
  const kept = samples.filter((_, index) => index % every === 0 || index === samples.length - 1);
  return kept.map(([at, bytes]) => [rounded(at), bytes]);
}

function rounded(seconds: number): number {
  return Number(seconds.toFixed(4));
}
