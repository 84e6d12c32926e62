/**
 * Times as RFC 3659 2.3 writes them: `YYYYMMDDHHMMSS`, UTC, with a fraction if there is one.
 *
 * @module
 */

/** Write a time, to the second. */
export function formatTime(time: Date): string {
  return time.toISOString().replaceAll(/[-:T]/gu, "").slice(0, 14);
}

/** Read a time; `undefined` if it is none. Twelve digits (no seconds) are what SITE UTIME sends. */
export function parseTime(text: string): Date | undefined {
  const found = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(\.\d{1,9})?$/u.exec(text);
  if (found === null) return undefined;
  const [, year, month, day, hour, minute, second = "00", fraction = ".000"] = found;
  const milliseconds = `${fraction}00`.slice(0, 4);
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}`;
  const time = new Date(`${iso}${milliseconds}Z`);
  // 31 February is read as a day in March; it is no time.
  return Number.isNaN(time.getTime()) || !time.toISOString().startsWith(iso) ? undefined : time;
}
