/** Work within this process, timed: CPU and wall time. */

import type { Competitor, Sample } from "../contest.ts";

/** Do something and tell what it took. What it amounts to is noted under `per`, as so many a second. */
export async function counted(amount: number, per: string, work: () => unknown): Promise<Sample> {
  const cpuBefore = process.cpuUsage();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  return { seconds, cpuSeconds: (user + system) / 1e6, notes: { [per]: amount / seconds } };
}

/** A competitor that does the same `amount` of work every time. */
export function working(name: string, amount: number, per: string, work: () => unknown): Competitor {
  return { name, run: () => counted(amount, per, work) };
}
