import type { Dictionary } from "./dictionary.ts";

const units = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** Numbers, sizes and times in the words of one language. */
export class Format {
  readonly language: string;
  readonly #t: Dictionary;
  readonly #whole: Intl.NumberFormat;
  readonly #tenths: Intl.NumberFormat;
  readonly #clock: Intl.DateTimeFormat;
  readonly #day: Intl.DateTimeFormat;
  readonly #dayOfYear: Intl.DateTimeFormat;
  readonly #until: Intl.DateTimeFormat;

  constructor(language: string, dictionary: Dictionary, options: { readonly timeZone?: string } = {}) {
    this.language = language;
    this.#t = dictionary;
    this.#whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
    this.#tenths = new Intl.NumberFormat(language, { minimumFractionDigits: 1, maximumFractionDigits: 1 });
    const clock = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", ...options } as const;
    this.#clock = new Intl.DateTimeFormat(language, clock);
    this.#day = new Intl.DateTimeFormat(language, { month: "short", day: "numeric", ...options });
    this.#dayOfYear = new Intl.DateTimeFormat(language, {
      year: "numeric",
      month: "short",
      day: "numeric",
      ...options,
    });
    this.#until = new Intl.DateTimeFormat(language, { month: "long", day: "numeric", ...clock });
  }

  /** Spell out a count. */
  count(value: number): string {
    return this.#whole.format(value);
  }

  /** Spell out a size in decimal units: `38.2 GB`. */
  bytes(size: number): string {
    const power = powerOf(size);
    return `${this.#scaled(size, power)} ${units[power] ?? "B"}`;
  }

  /** Spell out how much of a size is there, in the unit of the whole: `8.5 / 12.0 GB`. */
  bytesOf(done: number, size: number): string {
    const power = powerOf(size);
    return `${this.#t.of(this.#scaled(done, power), this.#scaled(size, power))} ${units[power] ?? "B"}`;
  }

  /** Spell out a speed. */
  speed(bytesPerSecond: number): string {
    return this.#t.perSecond(this.bytes(bytesPerSecond));
  }

  /** Whole percents, rounded down, so that 100 means all of it. */
  percent(done: number, size: number): string {
    return `${percentOf(done, size)} %`;
  }

  /** Spell out how long it will take, coarsely. */
  timeLeft(seconds: number): string {
    const t = this.#t;
    if (seconds < 59.5) return t.secondsLeft(this.count(Math.max(1, Math.round(seconds))));
    const minutes = Math.round(seconds / 60);
    if (minutes < 60) return t.minutesLeft(this.count(minutes));
    if (minutes < 24 * 60) return t.hoursLeft(this.count(Math.floor(minutes / 60)), this.count(minutes % 60));
    return t.daysLeft(this.count(Math.round(minutes / 60 / 24)));
  }

  /** Spell out when something was, as a person would. */
  when(date: Date, now: Date): string {
    const day = (of: Date): string => this.#dayOfYear.format(of);
    if (day(date) === day(now)) return this.#t.today(this.#clock.format(date));
    if (day(date) === day(new Date(now.getTime() - 86_400_000))) return this.#t.yesterday(this.#clock.format(date));
    return date.getFullYear() === now.getFullYear() ? this.#day.format(date) : day(date);
  }

  /** Spell out a moment to come, to the minute. */
  until(date: Date): string {
    return this.#until.format(date);
  }

  #scaled(size: number, power: number): string {
    const value = size / 1000 ** power;
    return power === 0 || value >= 99.95 ? this.#whole.format(value) : this.#tenths.format(value);
  }
}

/** Whole percents of `size`, rounded down; an empty file is complete. */
export function percentOf(done: number, size: number): number {
  return size === 0 ? 100 : Math.min(100, Math.floor((done / size) * 100));
}

function powerOf(size: number): number {
  let power = 0;
  // 999.95 of a unit would be spelt 1,000.
  while (power < units.length - 1 && size / 1000 ** power >= 999.5) power += 1;
  return power;
}
