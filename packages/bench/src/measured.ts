/** What a program used: its peak of memory too, of one that ends and of a server that goes on. */

import { type CommandOptions, finished } from "./command.ts";
import type { Sample } from "./contest.ts";
import { cpuSecondsOf, forgetPeak, peakMiB } from "./process-use.ts";

/** An ended command, and when it began, in seconds of the epoch. */
export interface Measured extends Sample {
  readonly startedAt: number;
}

const mark = "naru-bench-measured";

/** wait4() is what tells the memory of a child; neither Node nor bash has it. Starting Python is not measured. */
const script = `
import os, sys, time
at, began = time.time(), time.monotonic()
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ)
_, status, use = os.wait4(child, 0)
took = time.monotonic() - began
print("${mark}", at, took, use.ru_utime + use.ru_stime, use.ru_maxrss / 1024, file=sys.stderr)
sys.exit(os.waitstatus_to_exitcode(status) & 255)
`;

/**
 * Run a command to its end and tell its wall time, CPU time and peak memory ("client MiB"; 10 at least, those of the
 * program that starts it).
 *
 * @throws {Error} when it ends with another code than 0, with what it said
 */
export async function measured(command: readonly string[], options: CommandOptions = {}): Promise<Measured> {
  const starter = ["/usr/bin/python3", "-S", "-E", "-c", script];
  const { stderr } = await finished([...(options.prefix ?? []), ...starter, ...command], options);
  const [startedAt, seconds, cpuSeconds, MiB] = stderr.split(mark).at(-1)?.trim().split(" ").map(Number) ?? [];
  if (startedAt === undefined || seconds === undefined || cpuSeconds === undefined || MiB === undefined)
    throw new Error(`Cannot measure "${command[0]}": ${stderr.slice(-300)}`);
  return { startedAt, seconds, cpuSeconds, notes: { "client MiB": MiB } };
}

/** Tell the CPU seconds of a server, with its children, in place of its client's. */
export async function cpuOfServer(pid: number, work: () => Promise<Sample>): Promise<Sample> {
  const before = cpuSecondsOf(pid);
  const { seconds, notes } = await work();
  return { seconds, notes, cpuSeconds: cpuSecondsOf(pid) - before };
}

/** Note what a server of this machine, with its children, used while `work` was done. */
export async function withServer<T extends Sample>(pid: number, work: () => Promise<T>): Promise<T> {
  forgetPeak(pid);
  const before = cpuSecondsOf(pid);
  const sample = await work();
  const used = { "server CPU s": cpuSecondsOf(pid) - before, "server MiB": peakMiB(pid) };
  return { ...sample, notes: { ...sample.notes, ...used } };
}
