/** What a run of benchmarks says at its end: a table for people, JSON for machines. */

import { cpus, loadavg, release, totalmem } from "node:os";
import { type Contest, type FigureTarget, figureOf, type Standing, type Target } from "./contest.ts";

/** Facts without which a figure means nothing. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  readonly node: string;
  readonly load: number;
  readonly when: string;
}

export function machine(): Machine {
  return {
    cpu: cpus()[0]?.model ?? "unknown",
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    load: loadavg()[0] ?? 0,
    when: new Date().toISOString(),
  };
}

/** One benchmark's outcome. */
export interface Outcome {
  readonly benchmark: string;
  readonly machine: Machine;
  readonly contests: readonly Contest[];
}

/** Print a contest as a Markdown table, so that it can go into `docs/benchmarks.md` as it is. */
export function contestTable({ title, standings }: Contest): string {
  const head = ["", "median s", "range", "CPU s", "notes", "ratio", "target"];
  const lines = standings.map((standing) => [
    standing.name,
    show(figureOf(standing, "seconds")),
    range(standing),
    show(figureOf(standing, "cpuSeconds")),
    notes(standing),
    ...verdict(standing, standings),
  ]);
  const rows = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  return [`### ${title}`, "", ...rows, ""].join("\n");
}

/** The ratios (or figures) that its targets are about, as text, and the targets with their verdicts. */
function verdict(standing: Standing, standings: readonly Standing[]): [string, string] {
  const { target = [] } = standing;
  if (standing.failure !== undefined) return ["failed", standing.failure.split("\n")[0] ?? ""];
  const verdicts = [target].flat().map((each) => verdictOn(each, standing, standings));
  return [verdicts.map(([shown]) => shown).join("; "), verdicts.map(([, judgement]) => judgement).join("; ")];
}

function verdictOn(target: Target, standing: Standing, standings: readonly Standing[]): [string, string] {
  if (isFigure(target)) {
    const { atMost, of } = target;
    const reached = figureOf(standing, of);
    return reached === undefined ? ["", `<= ${atMost} ${of}`] : [show(reached), judged(atMost, of, [reached])];
  }
  const { atMost, of: peers, figures = ["seconds"] } = target;
  const reached = figures.map((figure) => ratio(standing, figure, peers, standings) ?? Number.NaN);
  const shown = figures.map((figure, index) => `${figure === "seconds" ? "" : "CPU "}${show(reached[index])}`);
  return reached.some(Number.isNaN) ? ["", `<= ${atMost} x`] : [shown.join(", "), judged(atMost, "x", reached)];
}

function isFigure(target: Target): target is FigureTarget {
  return typeof target.of === "string";
}

function judged(atMost: number, of: string, reached: readonly number[]): string {
  return `<= ${atMost} ${of}: ${reached.every((value) => value <= atMost) ? "reached" : "missed"}`;
}

function ratio(
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

function range({ samples }: Standing): string {
  const seconds = samples.map((sample) => sample.seconds);
  return seconds.length === 0 ? "" : `${show(Math.min(...seconds))}-${show(Math.max(...seconds))}`;
}

function notes(standing: Standing): string {
  const names = new Set(standing.samples.flatMap((sample) => Object.keys(sample.notes ?? {})));
  return [...names].map((name) => `${name} ${show(figureOf(standing, name))}`).join(", ");
}

function show(value: number | undefined): string {
  return value === undefined ? "" : value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
