import type { Experiment, ExperimentPlace } from "@naru/core";

/** Put what was measured elsewhere beside it; what the same program had measured there before is replaced. */
export function withRuns(into: Experiment, from: Experiment): Experiment {
  const places = new Set(from.computers.map(({ place }) => place));
  const others = <T extends { readonly place: ExperimentPlace }>(all: readonly T[]): readonly T[] =>
    all.filter(({ place }) => !places.has(place));
  return {
    ...into,
    computers: [...others(into.computers), ...from.computers],
    left: [...others(into.left), ...from.left],
    runs: [...others(into.runs), ...from.runs],
  };
}
