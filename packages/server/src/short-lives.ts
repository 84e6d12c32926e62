import type { Mount } from "./catalogue/mount-table.ts";
import type { Log } from "./log.ts";

/** Say in the log which stores end unfinished uploads sooner than this server lets them be resumed, and what to do. */
export function warnOfShortLives(mounts: readonly Mount[], uploadDays: number, log: Log): void {
  for (const { prefix, store } of mounts) {
    const { name, unfinishedDays, keepUnfinished } = store.profile ?? {};
    const days = unfinishedDays?.is;
    if (days === undefined || days >= uploadDays) continue;
    const at = `the store at "/${prefix.slice(0, -1)}" ends unfinished uploads after ${daysText(days)}`;
    const costs = `this server would keep them for ${daysText(uploadDays)}; one that is resumed later starts over`;
    const mend = keepUnfinished ?? "ask its operator to keep them for longer";
    log.warn({ profile: name, unfinishedDays: days }, `${at}, ${costs}; ${mend}`);
  }
}

function daysText(days: number): string {
  return days === 1 ? "1 day" : `${days} days`;
}
