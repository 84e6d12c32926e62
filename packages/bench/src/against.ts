/** The same benchmark in two checkouts, run in turn: is this tree slower than that one? */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Contest, figureOf, type Sample, type Standing } from "./contest.ts";
import type { Outcome } from "./report.ts";

export interface AgainstOptions {
  /** The root of the other checkout, with its `node_modules` and its built page. */
  readonly other: string;
  readonly rounds: number;
  readonly only: readonly string[];
}

/** The standings of both trees, by the contest's title and the competitor's name. */
interface Pair {
  readonly title: string;
  readonly name: string;
  readonly before: Standing;
  readonly now: Standing;
}

const here = new URL("../../..", import.meta.url).pathname;

/** Run a benchmark once a round in each of two trees, in turn, and print the medians beside each other as Markdown. */
export async function runAgainst(name: string, { other, rounds, only }: AgainstOptions): Promise<string> {
  const before: Outcome[] = [];
  const now: Outcome[] = [];
  for (let round = 1; round <= rounds; round++) {
    // Who begins changes, so that what a first run leaves behind favours neither.
    const turns = [() => runIn(other, name, only).then((outcome) => before.push(outcome))];
    turns[round % 2 === 0 ? "push" : "unshift"](() => runIn(here, name, only).then((outcome) => now.push(outcome)));
    for (const turn of turns) await turn();
  }
  return table(name, pairs(before, now));
}

async function runIn(root: string, name: string, only: readonly string[]): Promise<Outcome> {
  const dir = await mkdtemp(join(tmpdir(), "naru-bench-against-"));
  try {
    const out = join(dir, "outcome.json");
    const words = only.flatMap((word) => ["--only", word]);
    const args = ["packages/bench/src/main.ts", name, "--rounds", "1", ...words, "--out", out];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "ignore", "inherit"] });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`Cannot run "${name}" in ${root}: it ended with ${code}`);
    // Written by main() of either tree.
    const [outcome] = JSON.parse(await readFile(out, "utf8")) as readonly Outcome[];
    if (outcome === undefined) throw new Error(`Cannot run "${name}" in ${root}: it has no outcome`);
    return outcome;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function pairs(before: readonly Outcome[], now: readonly Outcome[]): Pair[] {
  const old = gathered(before);
  return gathered(now).flatMap(({ title, standings }) =>
    standings.flatMap((standing) => {
      const { name } = standing;
      const same = old.find((contest) => contest.title === title)?.standings.find((each) => each.name === name);
      return same === undefined ? [] : [{ title, name, before: same, now: standing }];
    }),
  );
}

/** One contest a title, with the samples of all rounds. */
function gathered(outcomes: readonly Outcome[]): Contest[] {
  const samples = new Map<string, Map<string, Sample[]>>();
  for (const { title, standings } of outcomes.flatMap(({ contests }) => contests)) {
    const known = samples.get(title) ?? new Map<string, Sample[]>();
    samples.set(title, known);
    for (const { name, samples: more } of standings) known.set(name, [...(known.get(name) ?? []), ...more]);
  }
  return [...samples].map(([title, known]) => ({
    title,
    standings: [...known].map(([name, all]) => ({ name, samples: all })),
  }));
}

function table(name: string, rows: readonly Pair[]): string {
  const head = "| | before s | now s | now / before | CPU before | CPU now |\n|---|---|---|---|---|---|";
  const lines = rows.map(({ title, name: competitor, before, now }) => {
    const [was = Number.NaN, is = Number.NaN] = [figureOf(before, "seconds"), figureOf(now, "seconds")];
    const cpu = [before, now].map((standing) => figureOf(standing, "cpuSeconds")?.toFixed(2) ?? "");
    const cells = [`${title}: ${competitor}`, was.toFixed(2), is.toFixed(2), (is / was).toFixed(3), ...cpu];
    return `| ${cells.join(" | ")} |`;
  });
  return [`### ${name}, in turn with the other tree`, "", head, ...lines, ""].join("\n");
}
