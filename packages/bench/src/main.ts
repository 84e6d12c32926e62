/**
 * `npm run bench -- NAME... [--rounds N] [--only WORD]... [--contest WORD]... [--sizes MB,...] [--out FILE] [--keep]
 * [--against DIR]`: run benchmarks, print a table, write JSON. `all` runs every one; `--only` chooses competitors,
 * `--contest` contests by their title; `--keep` puts what came out into `docs/benchmarks.md`, with pictures; `--against`
 * runs them in turn in another checkout too and prints both. A benchmark that needs a line is run again inside the far
 * end's network namespace.
 */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runAgainst } from "./against.ts";
import { benchmarks } from "./benches.ts";
import type { Benchmark } from "./benchmark.ts";
import { keep } from "./kept/kept-results.ts";
import { farAddress, makeLink } from "./link.ts";
import { versionsOf } from "./peer-versions.ts";
import { contestTable, machine, type Outcome, versionsLine } from "./report.ts";
import { Room, type RoomOptions } from "./room.ts";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: "string" },
    only: { type: "string", multiple: true, default: [] },
    contest: { type: "string", multiple: true, default: [] },
    sizes: { type: "string" },
    out: { type: "string", default: "bench-results.json" },
    against: { type: "string" },
    keep: { type: "boolean", default: false },
    /** Set by ourselves: where this run stands on a line. */
    inside: { type: "string" },
  },
});

async function runHere(benchmark: Benchmark, options: RoomOptions): Promise<Outcome> {
  await using room = await Room.open(options);
  const before = machine();
  const versions = await versionsOf(benchmark.peers ?? []);
  const contests = (await benchmark.run(room)).filter(({ standings }) => standings.length > 0);
  return { benchmark: benchmark.name, machine: before, versions, contests };
}

async function runOnLine(benchmark: Benchmark, options: RoomOptions): Promise<Outcome> {
  if (benchmark.link === undefined) return runHere(benchmark, options);
  const dir = await mkdtemp(join(tmpdir(), "naru-bench-out-"));
  try {
    await using link = await makeLink(benchmark.link);
    const out = join(dir, "outcome.json");
    const inside: RoomOptions = {
      ...options,
      host: farAddress,
      near: ["nsenter", `--net=/run/netns/${link.near}`],
      linkPid: link.pid,
      store: link.store && { address: link.store.address, prefix: link.store.prefix },
    };
    const self = [
      process.execPath,
      process.argv[1] ?? "",
      benchmark.name,
      "--inside",
      JSON.stringify(inside),
      "--out",
      out,
    ];
    const child = spawn("ip", ["netns", "exec", link.far, ...self], { stdio: "inherit" });
    const [code] = await once(child, "exit");
    if (code !== 0) throw new Error(`Cannot run "${benchmark.name}" on its line: it ended with ${code}`);
    // Written by runInside() below.
    return JSON.parse(await readFile(out, "utf8")) as Outcome;
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

function chosen(): readonly Benchmark[] {
  if (positionals.includes("all")) return benchmarks;
  const found = benchmarks.filter(({ name }) => positionals.includes(name));
  if (found.length > 0) return found;
  const list = benchmarks.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`).join("\n");
  throw new Error(`Cannot run "${positionals.join(" ")}": name some of these, or "all"\n${list}`);
}

/** The words of the command that left something out. */
function chosenWords(): readonly string[] {
  const named = (name: string, all: readonly string[]): string[] =>
    all.flatMap((word) => [`--${name}`, word.includes(" ") ? `"${word}"` : word]);
  return [
    ...named("only", values.only),
    ...named("contest", values.contest),
    ...named("sizes", values.sizes === undefined ? [] : [values.sizes]),
  ];
}

async function main(): Promise<void> {
  const [first] = chosen();
  if (values.inside !== undefined && first !== undefined) {
    // Written by runOnLine() above.
    const outcome = await runHere(first, JSON.parse(values.inside) as RoomOptions);
    await writeFile(values.out, JSON.stringify(outcome));
    return;
  }
  const outcomes: Outcome[] = [];
  for (const benchmark of chosen()) {
    console.error(`${benchmark.name}: ${benchmark.about}`);
    const rounds = values.rounds === undefined ? benchmark.rounds : Number(values.rounds);
    if (values.against !== undefined) {
      console.log(await runAgainst(benchmark.name, { other: values.against, rounds, only: values.only }));
      continue;
    }
    const outcome = await runOnLine(benchmark, {
      host: "127.0.0.1",
      near: [],
      linkPid: undefined,
      store: undefined,
      rounds,
      only: values.only,
      titles: values.contest,
      megabytes: values.sizes?.split(",").map(Number),
    });
    outcomes.push(outcome);
    for (const each of outcome.contests) console.log(contestTable(each));
    for (const words of versionsLine(outcome)) console.log(`${words}\n`);
    await writeFile(values.out, `${JSON.stringify(outcomes, undefined, 2)}\n`);
    if (values.keep) await keep({ ...outcome, chosen: chosenWords() });
  }
  const { cpu, cores, memoryGiB, kernel, node } = machine();
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}; JSON in ${values.out}`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
