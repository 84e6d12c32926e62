import type { Totals } from "@naru/client/browser";
import type { Dictionary } from "./language/dictionary.ts";
import { percentOf } from "./language/format.ts";

/** Something worth saying aloud. */
export type Announcement =
  | { readonly kind: "started" | "arrived" | "failed"; readonly count: number }
  | { readonly kind: "progress"; readonly percent: number };

const stepPercent = 25;

/** Tell what to say between two ticks: starts, steps of 25 %, failures and the end; silence otherwise. */
export function announcementBetween(before: Totals, after: Totals): Announcement | undefined {
  const troubleBefore = before.failed + before.needsFile;
  const trouble = after.failed + after.needsFile;
  if (trouble > troubleBefore) return { kind: "failed", count: trouble };
  const open = after.active + after.waiting;
  const openBefore = before.active + before.waiting;
  if (open === 0) {
    return openBefore > 0 && trouble === 0 && after.done > 0 ? { kind: "arrived", count: after.done } : undefined;
  }
  if (openBefore === 0) return { kind: "started", count: open };
  const step = stepOf(after);
  return step > stepOf(before) && after.size === before.size
    ? { kind: "progress", percent: step * stepPercent }
    : undefined;
}

/** Put an announcement into words. */
export function announced(announcement: Announcement, t: Dictionary): string {
  if (announcement.kind === "progress") return t.announceProgress(String(announcement.percent));
  return { started: t.announceStarted, arrived: t.announceArrived, failed: t.announceFailed }[announcement.kind](
    announcement.count,
  );
}

function stepOf({ confirmed, size }: Totals): number {
  return Math.floor(percentOf(confirmed, size) / stepPercent);
}
