import { columnsOf, escaped, fitted } from "./terminal-text.ts";

/** How far something is. */
export interface ProgressState {
  /** What it is: a name, or how many files. */
  readonly label: string;
  readonly size: number;
  /** Bytes that have arrived for good. */
  readonly confirmed: number;
  /** Between 0 and 1, where it is not a matter of bytes. */
  readonly share?: number | undefined;
  /** In bytes per second. */
  readonly speed?: number | undefined;
  readonly secondsLeft?: number | undefined;
}

const barColumns = 24;
const leastBar = 6;
const leastLabel = 20;

/** Write how far something is in a line of at most so many columns; what does not fit is left out, the least wanted first. */
export function progressLine(state: ProgressState, columns: number): string {
  const { label, size, confirmed, speed, secondsLeft } = state;
  const share = Math.min(1, state.share ?? (size === 0 ? 1 : confirmed / size));
  const percent = `${String(Math.floor(share * 100)).padStart(3)}%`;
  const whole = `${sizeText(confirmed)} / ${sizeText(size)}`;
  const pace = share === 1 ? "finishing" : speed ? `${sizeText(speed)}/s` : "";
  const left = share === 1 || secondsLeft === undefined ? "" : timeText(secondsLeft);
  const name = escaped(label);
  const wishes = [
    [percent, whole, pace, left],
    [percent, sizeText(confirmed), pace, left],
    [percent, pace, left],
    [percent, left],
  ];
  const facts = wishes.map((wish) => wish.filter((text) => text !== "").join("  "));
  const labelColumns = Math.min(columnsOf(name), leastLabel);
  const fact = facts.find((text) => columnsOf(text) + 2 + labelColumns < columns) ?? percent;
  const room = columns - 1 - columnsOf(fact) - 2;
  const bar = Math.min(barColumns, room - 2 - labelColumns);
  if (bar < leastBar) return `${fact}  ${fitted(name, room)}`;
  const full = Math.round(bar * share);
  return `${"█".repeat(full)}${"░".repeat(bar - full)} ${fact}  ${fitted(name, room - bar - 1)}`;
}

/** Write bytes for people. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} ${units[power]}`;
}

/** Write how long a transfer took and its mean speed, for people; what had all arrived before has no speed. */
export function paceText(bytes: number, seconds: number): string {
  const time = `${seconds.toFixed(2)} s`;
  return bytes === 0 ? time : `${time}  ${sizeText(bytes / Math.max(0.001, seconds))}/s`;
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return [...(hours > 0 ? [hours] : []), minutes, rest].map((part) => String(part).padStart(2, "0")).join(":");
}
