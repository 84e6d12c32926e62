/** How much longer than on an ordinary machine things take here and now; 1 at the least. For limits of real time that no clock can own. */

import { createHash } from "node:crypto";

/** What an ordinary core needs for the work below. */
const ordinaryMs = 120;
const bytes = new Uint8Array(64 * 1024 * 1024);

/** The same by the time that this process had a processor: how slow a core is, whoever else wants it. For limits of such times. */
export function coreSlowness(): number {
  const before = process.cpuUsage();
  createHash("md5").update(bytes).digest();
  const { user, system } = process.cpuUsage(before);
  return Math.max(1, (user + system) / 1000 / ordinaryMs);
}

/** Hash 64 MiB, three times, and compare the slowest with an ordinary core. */
export function slowness(): number {
  const took = [1, 2, 3].map(() => {
    const started = performance.now();
    createHash("md5").update(bytes).digest();
    return performance.now() - started;
  });
  return Math.max(1, Math.max(...took) / ordinaryMs);
}
