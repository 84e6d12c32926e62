/** The hours in which transfers run. */

import type { Hours } from "../settings.ts";

const minutesOfDay = 24 * 60;

/** Tell whether `date` is within the hours; a span past midnight belongs to the day on which it begins. */
export function isWithin({ from, until, days }: Hours, date: Date): boolean {
  const minute = date.getHours() * 60 + date.getMinutes();
  const today = date.getDay();
  if (from < until) return days.includes(today) && minute >= from && minute < until;
  return (days.includes(today) && minute >= from) || (days.includes((today + 6) % 7) && minute < until);
}

/** Tell how long from `date` until the hours may begin or end next. */
export function msToBoundary({ from, until }: Hours, date: Date): number {
  const now = date.getHours() * 60 + date.getMinutes() + date.getSeconds() / 60 + date.getMilliseconds() / 60_000;
  const waits = [from, until].map((minute) => (minute - now + minutesOfDay) % minutesOfDay);
  return Math.max(1, Math.ceil(Math.min(...waits) * 60_000));
}
