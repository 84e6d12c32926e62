/** In which order is measured: round by round, each way with each set of files, so that a drift of the network is shared. */

import type { ExperimentRun, ExperimentWay } from "@naru/core";

/** Files of one size that are carried together. */
export interface ManyFiles {
  readonly files: number;
  readonly size: number;
}

/** What is wished for. */
export interface Wishes {
  readonly sizes: readonly number[];
  /** How many files of each size travel at once; each is measured. */
  readonly parallel: readonly number[];
  readonly files?: ManyFiles | undefined;
  readonly download: boolean;
  /** Rounds. */
  readonly runs: number;
}

/** What is carried, by which way, and in which round. */
export interface Task<Way> extends Pick<ExperimentRun, "direction" | "files" | "size" | "parallel" | "round"> {
  readonly way: Way;
}

/** A way that takes its turn. One that only sends has no `fetch`. */
export interface ScheduledWay {
  readonly way: ExperimentWay;
  readonly fetch?: unknown;
}

/** Many small files travel so many at once. */
const smallAtOnce = 3;

/** All that is to be measured, in order. Within a round, each set of files begins with another way than in the last. */
export function scheduleOf<Way extends ScheduledWay>(
  ways: readonly Way[],
  { sizes, parallel, files, download, runs }: Wishes,
): readonly Task<Way>[] {
  const up = "up" as const;
  const single = sizes.flatMap((size) =>
    parallel.map((count) => ({ direction: up, files: count, size, parallel: count })),
  );
  const many = files === undefined ? [] : [{ direction: up, ...files, parallel: smallAtOnce }];
  const down = download ? single.map((one) => ({ ...one, direction: "down" as const })) : [];
  const rounds = Array.from({ length: runs }, (_, index) => index + 1);
  return rounds.flatMap((round) =>
    [...single, ...many, ...down].flatMap((one) => {
      const able = ways.filter((way) =>
        one.direction === "up" ? one.files <= one.parallel || way.way !== "plain" : way.fetch !== undefined,
      );
      const turn = round % Math.max(1, able.length);
      return [...able.slice(turn), ...able.slice(0, turn)].map((way) => ({ ...one, round, way }));
    }),
  );
}
