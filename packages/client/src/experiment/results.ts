/** What an experiment says: a table with a row for each set of files, and a column for each way. */

import {
  type Experiment,
  type ExperimentPlace,
  type ExperimentRun,
  type ExperimentWay,
  experimentPlaces,
  experimentWays,
} from "@naru/core";
import { type Summary, summaryOf } from "./statistics.ts";

/** A way as one program goes it. */
export interface ResultColumn {
  readonly way: ExperimentWay;
  readonly place: ExperimentPlace;
}

/** What was carried: so many files of a size, so many at once, in a direction. */
export type ResultCase = Pick<ExperimentRun, "direction" | "files" | "size" | "parallel">;

/** What one way took for one case. */
export interface Result extends ResultColumn {
  readonly seconds: Summary;
  readonly bytesPerSecond: number;
  readonly cpuSeconds?: number | undefined;
  /** The most that one run has carried, with what it sent again. */
  readonly bytesCarried?: number | undefined;
  /** Median of the ratios to the plain way of the same round; absent without one. */
  readonly ratio?: number | undefined;
  readonly failures: number;
}

export interface ResultRow {
  readonly of: ResultCase;
  /** By column; `undefined` where nothing of it succeeded. */
  readonly results: readonly (Result | undefined)[];
}

export interface Results {
  readonly columns: readonly ResultColumn[];
  readonly rows: readonly ResultRow[];
}

/** Sum up what was measured: uploads before downloads, one at a time before many, small before large. */
export function resultsOf({ runs }: Pick<Experiment, "runs">): Results {
  const columns = experimentPlaces
    .flatMap((place) => experimentWays.map((way) => ({ way, place })))
    .filter((column) => runs.some((run) => isOf(run, column)));
  const rows = casesOf(runs).map((of) => {
    const own = runs.filter((run) => caseKey(run) === caseKey(of));
    return { of, results: columns.map((column) => resultOf(own, column)) };
  });
  return { columns, rows };
}

/** The column of a way is that of one program. */
export function isOf(run: ResultColumn, { way, place }: ResultColumn): boolean {
  return run.way === way && run.place === place;
}

function casesOf(runs: readonly ExperimentRun[]): readonly ResultCase[] {
  const cases = new Map(
    runs.map(({ direction, files, size, parallel }) => [
      caseKey({ direction, files, size, parallel }),
      { direction, files, size, parallel },
    ]),
  );
  const rank = ({ direction, files, size, parallel }: ResultCase): readonly number[] => [
    direction === "up" ? 0 : 1,
    files > parallel ? 1 : 0,
    parallel,
    size,
    files,
  ];
  return [...cases.values()].sort((one, other) => compare(rank(one), rank(other)));
}

/** Two runs of one case have the same. */
export function caseKey({ direction, files, size, parallel }: ResultCase): string {
  return `${direction} ${files} ${size} ${parallel}`;
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [index, value] of one.entries()) if (value !== other[index]) return value - (other[index] ?? 0);
  return 0;
}

function resultOf(runs: readonly ExperimentRun[], column: ResultColumn): Result | undefined {
  const own = runs.filter((run) => isOf(run, column));
  const good = own.filter((run) => run.seconds !== undefined);
  const [first] = good;
  if (first === undefined) return undefined;
  const seconds = summaryOf(good.map((run) => run.seconds ?? 0));
  const carried = good.flatMap(({ bytesCarried }) => bytesCarried ?? []);
  const cpu = good.flatMap(({ cpuSeconds }) => cpuSeconds ?? []);
  return {
    ...column,
    seconds,
    bytesPerSecond: (first.files * first.size) / Math.max(1e-9, seconds.median),
    cpuSeconds: cpu.length === 0 ? undefined : summaryOf(cpu).median,
    bytesCarried: carried.length === 0 ? undefined : Math.max(...carried),
    ratio: ratioOf(good, runs, column),
    failures: own.length - good.length,
  };
}

/** Rounds are compared with themselves: what the network did meanwhile happened to both. */
function ratioOf(
  good: readonly ExperimentRun[],
  all: readonly ExperimentRun[],
  { place }: ResultColumn,
): number | undefined {
  const plain = new Map(
    all.filter((run) => isOf(run, { way: "plain", place })).map(({ round, seconds }) => [round, seconds]),
  );
  const ratios = good.flatMap(({ round, seconds = 0 }) => {
    const base = plain.get(round);
    return base === undefined || base === 0 ? [] : [seconds / base];
  });
  return ratios.length === 0 ? undefined : summaryOf(ratios).median;
}
