/** Which way to choose here, and why, by what was measured. */

import {
  type Experiment,
  type ExperimentPlace,
  type ExperimentWay,
  experimentPlaces,
  experimentWays,
} from "@naru/core";
import { type Result, type ResultColumn, resultsOf } from "./results.ts";
import { summaryOf } from "./statistics.ts";

/** Where two ways differ by less, other reasons decide. */
const sameWithin = 0.05;

/** What to do here. */
export interface Advice {
  /** The way to choose. */
  readonly way: Exclude<ExperimentWay, "plain">;
  /** Why: it was the fastest, or as fast as the fastest and easier on the server. */
  readonly why: "fastest" | "as-fast" | "only";
  /** How much longer than it the slowest took, as a ratio; absent with one way. */
  readonly slowest?: { readonly way: ExperimentWay; readonly ratio: number } | undefined;
  /** Its time over that of one plain PUT. */
  readonly overPlain?: number | undefined;
}

/** Which is the first choice where all are as fast: the bytes go through fewest programs. */
const preference: readonly Advice["way"][] = ["direct", "proxy", "agent", "sftp", "ftp"];

/** The programs that something was measured with, the command line first. */
export function placesOf({ runs }: Pick<Experiment, "runs">): readonly ExperimentPlace[] {
  return experimentPlaces.filter((place) => runs.some((run) => run.place === place));
}

/** Tell which way uploads of a program should take here; `undefined` when too little was measured. */
export function adviceOf(
  experiment: Pick<Experiment, "runs">,
  place: ExperimentPlace = "command-line",
): Advice | undefined {
  const ways = new Map(experimentWays.map((way) => [way, shareOf(experiment, { way, place })]));
  const measured = preference.flatMap((way) => {
    const share = ways.get(way);
    return share === undefined ? [] : [{ way, share }];
  });
  if (measured.length === 0) return undefined;
  const shares = measured.map(({ share }) => share);
  const best = Math.min(...shares);
  const chosen = measured.find(({ share }) => share <= best * (1 + sameWithin));
  const worst = measured.find(({ share }) => share === Math.max(...shares));
  if (chosen === undefined || worst === undefined) return undefined;
  const plain = ways.get("plain");
  return {
    way: chosen.way,
    why: measured.length === 1 ? "only" : chosen.share === best ? "fastest" : "as-fast",
    slowest: worst.way === chosen.way ? undefined : { way: worst.way, ratio: worst.share / chosen.share },
    overPlain: plain === undefined ? undefined : chosen.share / plain,
  };
}

/** How long a way takes, as a share of the fastest of each case of uploads; over all of them that every way was run with. */
function shareOf({ runs }: Pick<Experiment, "runs">, { way, place }: ResultColumn): number | undefined {
  const { columns, rows } = resultsOf({
    runs: runs.filter((run) => run.direction === "up" && run.place === place),
  });
  const index = columns.findIndex((column: ResultColumn) => column.way === way);
  const shares = rows.flatMap(({ results }) => {
    const own = results[index];
    const all = results.filter((result): result is Result => result !== undefined);
    if (own === undefined || all.length < columns.length) return [];
    return [own.seconds.median / Math.min(...all.map(({ seconds }) => seconds.median))];
  });
  return shares.length === 0 ? undefined : summaryOf(shares).mean;
}
