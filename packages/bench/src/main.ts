/** `npm run bench`: run benchmarks. One that needs a line is run again inside the far end's network namespace. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runAgainst } from "./against.ts";
import { type BenchOptions, benchOptions, chosenBenchmarks, usage } from "./bench-options.ts";
import { benchmarks } from "./benches.ts";
import type { Benchmark } from "./benchmark.ts";
import { keep } from "./kept/kept-results.ts";
import { farAddress, makeLink } from "./link.ts";
import { versionsOf } from "./peer-versions.ts";
import { contestTable, machine, type Outcome, versionsLine } from "./report.ts";
import { Room, type RoomOptions } from "./room.ts";

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

/** The words of the command that left something out. */
function chosenWords({ only, contest, sizes }: BenchOptions): readonly string[] {
  const named = (name: string, all: readonly string[]): string[] =>
    all.flatMap((word) => [`--${name}`, word.includes(" ") ? `"${word}"` : word]);
  return [...named("only", only), ...named("contest", contest), ...named("sizes", sizes === undefined ? [] : [sizes])];
}

async function main(): Promise<void> {
  const wished = benchOptions(process.argv.slice(2));
  if (wished.help) {
    console.log(usage(benchmarks));
    return;
  }
  const chosen = chosenBenchmarks(wished.names, benchmarks);
  const [first] = chosen;
  if (wished.inside !== undefined && first !== undefined) {
    // Written by runOnLine() above.
    const outcome = await runHere(first, JSON.parse(wished.inside) as RoomOptions);
    await writeFile(wished.out, JSON.stringify(outcome));
    return;
  }
  await runAll(chosen, wished);
}

async function runAll(chosen: readonly Benchmark[], wished: BenchOptions): Promise<void> {
  const { only, contest, sizes, out, against } = wished;
  const outcomes: Outcome[] = [];
  for (const benchmark of chosen) {
    console.error(`${benchmark.name}: ${benchmark.about}`);
    const rounds = wished.rounds === undefined ? benchmark.rounds : Number(wished.rounds);
    if (against !== undefined) {
      console.log(await runAgainst(benchmark.name, { other: against, rounds, only }));
      continue;
    }
    const outcome = await runOnLine(benchmark, {
      host: "127.0.0.1",
      near: [],
      linkPid: undefined,
      store: undefined,
      rounds,
      only,
      titles: contest,
      megabytes: sizes?.split(",").map(Number),
    });
    outcomes.push(outcome);
    for (const each of outcome.contests) console.log(contestTable(each));
    for (const words of versionsLine(outcome)) console.log(`${words}\n`);
    await writeFile(out, `${JSON.stringify(outcomes, undefined, 2)}\n`);
    if (wished.keep) await keep({ ...outcome, chosen: chosenWords(wished) });
  }
  const { cpu, cores, memoryGiB, kernel, node } = machine();
  console.log(`${cpu}, ${cores} cores, ${memoryGiB} GiB, Linux ${kernel}, Node ${node}; JSON in ${out}`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
