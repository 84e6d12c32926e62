/** Measures one way once. */

import { roundedSeconds, type Task, timed } from "@naru/client/experiment";
import type { Abortable, ExperimentRun } from "@naru/core";
import { explain } from "../explain.ts";
import type { LocalFile } from "../local-files.ts";
import type { BenchWay, Wanted } from "./bench-way.ts";

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

/** Run it. What fails is part of the result, unless the signal ended it. */
export async function measured(
  { way, ...of }: Task<BenchWay>,
  { local, folder, wanted }: TaskFiles,
  { signal, onBytes }: MeasureOptions,
): Promise<ExperimentRun> {
  const run = { ...of, way: way.way, place: "command-line" as const };
  try {
    await (of.direction === "up" ? way.prepare?.(local, folder, { signal }) : undefined);
    signal?.throwIfAborted();
    const cpu = process.cpuUsage();
    const elsewhere = way.cpuElsewhere?.();
    const clock = await timed(async (count) => {
      let carried = 0;
      const options = {
        signal,
        parallel: of.parallel,
        onBytes: (bytes: number) => {
          carried += bytes;
          count(bytes);
          onBytes(carried);
        },
      };
      if (of.direction === "up") await way.send(local, folder, options);
      else await way.fetch?.(wanted, options);
    });
    const { user, system } = process.cpuUsage(cpu);
    const own = (user + system) / 1e6;
    const other = elsewhere === undefined ? 0 : (way.cpuElsewhere?.() ?? elsewhere) - elsewhere;
    return { ...run, ...clock, cpuSeconds: roundedSeconds(own + other) };
  } catch (error) {
    signal?.throwIfAborted();
    return { ...run, failure: explain(error) };
  } finally {
    await way.finish?.();
  }
}
