/** What a process tree uses, from /proc: for servers and browsers, which do not end with the work. */

import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const ticksPerSecond = 100;

/** CPU seconds (user and system) that `pid`, its living descendants and their ended children have used so far. */
export function cpuSecondsOf(pid: number): number {
  return tree(pid).reduce((sum, each) => sum + (cpuTicks(each) ?? 0), 0) / ticksPerSecond;
}

/** Resident memory of `pid` alone, in MiB. */
export function residentMiB(pid: number): number {
  const kib = /VmRSS:\s+(\d+)/.exec(read(`/proc/${pid}/status`))?.[1];
  return Number(kib ?? 0) / 1024;
}

/** The most resident memory, in MiB, that `pid` and its living descendants each had since `forgetPeak`. */
export function peakMiB(pid: number): number {
  const kib = tree(pid).map((each) => Number(/VmHWM:\s+(\d+)/.exec(read(`/proc/${each}/status`))?.[1] ?? 0));
  return kib.reduce((sum, each) => sum + each, 0) / 1024;
}

/** Count peaks of `pid` and its living descendants from now on (proc(5), `clear_refs`). */
export function forgetPeak(pid: number): void {
  for (const each of tree(pid)) writeFileSync(`/proc/${each}/clear_refs`, "5");
}

function tree(root: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of readdirSync("/proc")) {
    const parent = /^\d+$/.test(name) ? statFields(Number(name))[1] : undefined;
    if (parent === undefined) continue;
    children.set(Number(parent), [...(children.get(Number(parent)) ?? []), Number(name)]);
  }
  const found = [root];
  for (const each of found) found.push(...(children.get(each) ?? []));
  return found;
}

function cpuTicks(pid: number): number | undefined {
  const [user, system, childUser, childSystem] = statFields(pid).slice(11, 15).map(Number);
  if (user === undefined || system === undefined) return undefined;
  return user + system + (childUser ?? 0) + (childSystem ?? 0);
}

/** The fields of /proc/PID/stat after the command name, which may hold spaces: state is 0, ppid 1, utime 11. */
function statFields(pid: number): string[] {
  const text = read(`/proc/${pid}/stat`);
  return text === "" ? [] : text.slice(text.lastIndexOf(")") + 2).split(" ");
}

/** A process may end while it is looked at; it then uses nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
