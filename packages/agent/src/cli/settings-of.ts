/** Settings as they are said on the command line. */

import { MiB, TransferError } from "@naru/core";
import type { Hours, Settings } from "../settings.ts";

export interface SettingsWords {
  readonly atOnce?: number | undefined;
  /** In MiB/s. */
  readonly speed?: number | undefined;
  /** In MiB. */
  readonly spoolLimit?: number | undefined;
  readonly hours?: string | undefined;
}

/** Read what is to change; `undefined` in a field takes a limit away. */
export function settingsOf({ atOnce, speed, spoolLimit, hours }: SettingsWords): Partial<Settings> {
  return {
    ...(atOnce !== undefined && { atOnce }),
    ...(speed !== undefined && { bytesPerSecond: speed === 0 ? undefined : bytesOf(speed) }),
    ...(spoolLimit !== undefined && { spoolLimit: bytesOf(spoolLimit) }),
    ...(hours !== undefined && { hours: hours === "always" ? undefined : hoursOf(hours) }),
  };
}

function bytesOf(mebibytes: number): number {
  const bytes = mebibytes * MiB;
  if (Number.isSafeInteger(bytes)) return bytes;
  const most = Math.floor(Number.MAX_SAFE_INTEGER / MiB);
  throw new TransferError("invalid", `Cannot set "${mebibytes}" MiB: at most ${most} can be counted`);
}

function hoursOf(text: string): Hours {
  const [from, until, ...more] = text.split("-").map(minuteOf);
  if (from === undefined || until === undefined || from === until || more.length > 0) throw unreadable(text);
  return { from, until, days: [0, 1, 2, 3, 4, 5, 6] };
}

function minuteOf(text: string): number {
  const [, hour, minute] = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(text.trim()) ?? [];
  if (hour === undefined) throw unreadable(text);
  return Number(hour) * 60 + Number(minute);
}

function unreadable(text: string): TransferError {
  return new TransferError(
    "invalid",
    `Cannot read the hours "${text}": they are not of the form 19:00-07:00 or always`,
  );
}
