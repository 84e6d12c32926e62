import { readdir, readFile } from "node:fs/promises";
import type { Program } from "../../../../test/harness/program.ts";

/** Kill a server and the sessions that it leads at once, as a power cut would. */
export async function killTree(server: Program): Promise<void> {
  if (!server.running) return;
  const sessions = await descendantsOf(server.pid);
  const ended = server.kill("SIGKILL");
  for (const pid of sessions) killIfThere(pid);
  // Sessions hold its output open: it has not ended before them.
  await ended;
}

/** Sessions have process groups of their own; the tree is the only way to them. */
async function descendantsOf(pid: number): Promise<readonly number[]> {
  const parents = new Map<number, number>();
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const stat = await readFile(`/proc/${name}/stat`, "utf8").catch(() => "");
    parents.set(Number(name), Number(/\) \S (\d+)/.exec(stat)?.[1] ?? 0));
  }
  const found = [pid];
  for (const parent of found) {
    for (const [child, its] of parents) if (its === parent) found.push(child);
  }
  return found.slice(1);
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // It ended with its parent.
  }
}
