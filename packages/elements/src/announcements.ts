import type { Totals } from "@naru/client/browser";
import type { Dictionary } from "./language/dictionary.ts";
import { percentOf } from "./language/format.ts";

/** Something worth saying aloud. */
export type Announcement =
  | { readonly kind: "started" | "arrived" | "failed" | "waits"; readonly count: number }
  | { readonly kind: "progress"; readonly percent: number };

const stepPercent = 25;

/** Tell what to say between two ticks: failures, files that wait for somebody, starts, steps of 25 %, the end; else silence. */
export function announcementBetween(before: Totals, after: Totals): Announcement | undefined {
  const trouble = after.failed + after.needsFile;
  if (after.failed > before.failed) return { kind: "failed", count: trouble };
  if (after.needsFile > before.needsFile) return { kind: "waits", count: trouble };
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
  const { kind, count } = announcement;
  if (kind === "started") return t.announceStarted(count);
  return kind === "arrived" ? t.announceArrived(count) : t.announceFailed(count);
}

function stepOf({ confirmed, size }: Totals): number {
  return Math.floor(percentOf(confirmed, size) / stepPercent);
}
