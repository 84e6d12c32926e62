/** What a run of benchmarks says at its end: a table for people, JSON for machines. */

import { cpus, loadavg, release, totalmem } from "node:os";
import { type Contest, figureOf, type Standing, spreadOf } from "./contest.ts";
import { isFigureTarget, isReached, limitOf, reachedFigures } from "./verdict.ts";

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
    kernel: release().split(".", 2).join("."),
    node: process.version,
    load: loadavg()[0] ?? 0,
    when: new Date().toISOString(),
  };
}

/** One benchmark's outcome. */
export interface Outcome {
  readonly benchmark: string;
  readonly machine: Machine;
  /** What of it was chosen, as words of the command; without any, all of it. */
  readonly chosen?: readonly string[] | undefined;
  /** Of the peers that took part. */
  readonly versions?: Readonly<Record<string, string>> | undefined;
  readonly contests: readonly Contest[];
}

/** What took part in it, in a sentence; nothing where that was not noted. */
export function versionsLine({ versions = {} }: Outcome): readonly string[] {
  const all = Object.entries(versions).map((words) => words.join(" "));
  return all.length === 0 ? [] : [`Versions: ${all.join(", ")}.`];
}

/** Print a contest as a Markdown table, so that it can go into `docs/benchmarks.md` as it is. */
export function contestTable({ title, standings }: Contest): string {
  const head = ["", "median s", "mean ± deviation", "range", "CPU s", "notes", "ratio", "target"];
  const lines = standings.map((standing) => [
    standing.name,
    show(figureOf(standing, "seconds")),
    spread(standing),
    range(standing),
    show(figureOf(standing, "cpuSeconds")),
    notes(standing),
    ...verdictOf(standing, standings),
  ]);
  const rows = [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`);
  return [`### ${title}`, "", ...rows, ""].join("\n");
}

/** The ratio (or figure) that a target is about, as text, and the target with its verdict. */
export function verdictOf(standing: Standing, standings: readonly Standing[]): [string, string] {
  const { target, failure } = standing;
  if (failure !== undefined) return ["failed", failure.split("\n")[0] ?? ""];
  if (target === undefined) return ["", ""];
  const unit = isFigureTarget(target) ? target.of : "x";
  const figures = reachedFigures(standing, standings);
  const cpu = (figure: string): string => (unit === "x" && figure === "cpuSeconds" ? "CPU " : "");
  const shown = figures.map(({ figure, value }) => `${cpu(figure)}${beside(value, limitOf(target, figure))}`);
  const limits = new Set([target.atMost, ...figures.map(({ figure }) => limitOf(target, figure))]);
  const limit = `<= ${[...limits].join(", CPU ")} ${unit}`;
  if (figures.some(({ value }) => value === undefined)) return ["", limit];
  return [shown.join(", "), `${limit}: ${isReached(standing, standings) ? "reached" : "missed"}`];
}

function spread(standing: Standing): string {
  const { mean, deviation } = spreadOf(standing, "seconds") ?? {};
  return mean === undefined || deviation === undefined ? "" : `${show(mean)} ± ${deviation.toFixed(3)}`;
}

function range({ samples }: Standing): string {
  const seconds = samples.map((sample) => sample.seconds);
  return seconds.length === 0 ? "" : `${show(Math.min(...seconds))}-${show(Math.max(...seconds))}`;
}

function notes(standing: Standing): string {
  const names = new Set(standing.samples.flatMap((sample) => Object.keys(sample.notes ?? {})));
  return [...names].map((name) => `${name} ${show(figureOf(standing, name))}`).join(", ");
}

/** A missed figure has as many decimals as it takes to be over its limit. */
function beside(value: number | undefined, limit: number): string {
  let shown = show(value);
  if (value === undefined || value <= limit) return shown;
  for (let decimals = 3; Number(shown) <= limit && decimals < 7; decimals += 1) shown = value.toFixed(decimals);
  return shown;
}

function show(value: number | undefined): string {
  return value === undefined ? "" : value >= 100 ? value.toFixed(0) : value.toFixed(2);
}
