/**
 * Dates of HTTP (RFC 9110 5.6.7), in the form of today and the two obsolete ones.
 *
 * @module
 */

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const time = String.raw`(?<hour>\d{2}):(?<minute>\d{2}):(?<second>\d{2})`;
const forms = [
  new RegExp(String.raw`^[A-Z][a-z]{2}, (?<day>\d{2}) (?<month>[A-Z][a-z]{2}) (?<year>\d{4}) ${time} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{5,8}, (?<day>\d{2})-(?<month>[A-Z][a-z]{2})-(?<year>\d{2}) ${time} GMT$`),
  new RegExp(String.raw`^[A-Z][a-z]{2} (?<month>[A-Z][a-z]{2}) (?<day>[ \d]\d) ${time} (?<year>\d{4})$`),
];

/** Read a date, in seconds since 1970; `undefined` if it is none, which conditions then do not heed. */
export function parseHttpDate(text: string, now: number): number | undefined {
  const found = forms.map((form) => form.exec(text.trim())?.groups).find((groups) => groups !== undefined);
  const month = months.indexOf(found?.["month"] ?? "");
  if (found === undefined || month < 0) return undefined;
  const [day, hour, minute, second] = ["day", "hour", "minute", "second"].map((name) => Number(found[name]));
  const seconds = Date.UTC(yearIn(found["year"] ?? "", now), month, day, hour, minute, second) / 1000;
  return Number.isFinite(seconds) ? seconds : undefined;
}

/** A date in seconds, as it is told in `Last-Modified`. */
export function wholeSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

/** Two digits that would lie more than 50 years ahead are of the century before. */
function yearIn(digits: string, now: number): number {
  if (digits.length === 4) return Number(digits);
  const thisYear = new Date(now).getUTCFullYear();
  const year = thisYear - (thisYear % 100) + Number(digits);
  return year > thisYear + 50 ? year - 100 : year;
}
