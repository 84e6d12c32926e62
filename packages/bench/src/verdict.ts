/** Whether a competitor has reached its target, and by what ratio. */

import { type FigureTarget, figureOf, type RatioTarget, type Standing } from "./contest.ts";

export function isFigureTarget(target: FigureTarget | RatioTarget): target is FigureTarget {
  return typeof target.of === "string";
}

/** One figure's median as a multiple of the least among `peers`; `undefined` when either is missing. */
export function ratioOf(
  standing: Standing,
  figure: string,
  peers: readonly string[],
  standings: readonly Standing[],
): number | undefined {
  const own = figureOf(standing, figure);
  const theirs = standings
    .filter(({ name }) => peers.includes(name))
    .map((peer) => figureOf(peer, figure))
    .filter((value) => value !== undefined);
  return own === undefined || theirs.length === 0 ? undefined : own / Math.min(...theirs);
}

/** The figures that a target is about: multiples of the peers', or the figure itself. Empty without a target. */
export function reachedFigures(
  standing: Standing,
  standings: readonly Standing[],
): readonly { readonly figure: string; readonly value: number | undefined }[] {
  const { target } = standing;
  if (target === undefined) return [];
  if (isFigureTarget(target)) return [{ figure: target.of, value: figureOf(standing, target.of) }];
  const { of: peers, cpuAtMost } = target;
  const figures = target.figures ?? (cpuAtMost === undefined ? ["seconds"] : ["seconds", "cpuSeconds"]);
  return figures.map((figure) => ({ figure, value: ratioOf(standing, figure, peers, standings) }));
}

/** True when every figure of the target is known and within it. */
export function isReached(standing: Standing, standings: readonly Standing[]): boolean {
  const { target } = standing;
  const figures = reachedFigures(standing, standings);
  if (target === undefined) return false;
  return figures.every(({ figure, value }) => value !== undefined && value <= limitOf(target, figure));
}

/** What a figure may be at most. */
export function limitOf(target: FigureTarget | RatioTarget, figure: string): number {
  if (isFigureTarget(target) || figure !== "cpuSeconds") return target.atMost;
  return target.cpuAtMost ?? target.atMost;
}
