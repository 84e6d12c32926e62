import { parseArgs } from "node:util";
import type { Benchmark } from "./benchmark.ts";

/** What the words of the command ask for. */
export interface BenchOptions {
  readonly names: readonly string[];
  readonly rounds: string | undefined;
  readonly only: readonly string[];
  readonly contest: readonly string[];
  readonly sizes: string | undefined;
  readonly out: string;
  readonly against: string | undefined;
  readonly keep: boolean;
  readonly help: boolean;
  /** Set by ourselves: where this run stands on a line. */
  readonly inside: string | undefined;
}

/** Read the words of the command. @throws {Error} of one line, for one that is no option or lacks its value */
export function benchOptions(words: readonly string[]): BenchOptions {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      allowPositionals: true,
      options: {
        rounds: { type: "string" },
        only: { type: "string", multiple: true, default: [] },
        contest: { type: "string", multiple: true, default: [] },
        sizes: { type: "string" },
        out: { type: "string", default: "bench-results.json" },
        against: { type: "string" },
        keep: { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
        inside: { type: "string" },
      },
    });
    const { rounds, sizes, against, inside, ...others } = values;
    return { names: positionals, rounds, sizes, against, inside, ...others };
  } catch (cause) {
    // What follows the first sentence is advice that does not fit.
    const [fault] = cause instanceof Error ? cause.message.split(/\.\s|\n/) : [String(cause)];
    throw new Error(`Cannot read the command: ${fault}; --help lists what there is`, { cause });
  }
}

/** Choose benchmarks by their names. @throws {Error} of one line, for a name that none has */
export function chosenBenchmarks(names: readonly string[], all: readonly Benchmark[]): readonly Benchmark[] {
  if (names.includes("all")) return all;
  const unknown = names.find((each) => !all.some(({ name }) => name === each));
  if (unknown !== undefined) throw new Error(`Cannot run "${unknown}": no benchmark has that name; --help lists them`);
  if (names.length === 0) throw new Error("Cannot run a benchmark: none is named; --help lists them");
  return all.filter(({ name }) => names.includes(name));
}

/** How the command is used, with a line for each benchmark. */
export function usage(all: readonly Benchmark[]): string {
  const list = all.map(({ name, about }) => `  ${name.padEnd(18)} ${about}`);
  return `Usage: npm run bench -- NAME... [options]

Runs benchmarks, prints a table of each, and writes them as JSON.

Options:
  --rounds N         rounds of each; default: what the benchmark says
  --only WORD        competitors whose name has the word; may be given again
  --contest WORD     contests whose title has the word; may be given again
  --sizes MB,...     other sizes, where a benchmark has several
  --out FILE         where the JSON goes; default: bench-results.json
  --against DIR      run each in turn in another checkout too, and print both
  --keep             put what came out into docs/benchmarks.md, with pictures
  -h, --help         print this

Benchmarks:
  ${"all".padEnd(18)} every one of these
${list.join("\n")}`;
}
