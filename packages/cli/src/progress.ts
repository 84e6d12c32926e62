/** What people see while files travel: bars on a terminal, else a line for each file when it is done. */

import { stderr } from "node:process";
import type { MultiBar, SingleBar } from "cli-progress";

export interface FileBar {
  /** `confirmed` bytes have arrived for good; speed is in bytes per second. */
  update(confirmed: number, details?: { readonly speed?: number; readonly secondsLeft?: number | undefined }): void;
  done(text: string): void;
}

export interface ProgressView {
  file(name: string, size: number): FileBar;
  /** Say something in between. */
  say(text: string): void;
  close(): void;
}

/** Show progress on stderr. */
export async function openProgress(): Promise<ProgressView> {
  return stderr.isTTY ? barView() : lineView();
}

function lineView(): ProgressView {
  const say = (text: string): void => console.error(text);
  return { file: () => ({ update: () => undefined, done: say }), say, close: () => undefined };
}

async function barView(): Promise<ProgressView> {
  const { default: progress } = await import("cli-progress");
  const bars: MultiBar = new progress.MultiBar(
    {
      format: "{bar} {percentage}%  {sent} / {whole}  {speed}  {left}  {name}",
      barsize: 24,
      hideCursor: true,
      stream: stderr,
      emptyOnZero: true,
    },
    progress.Presets.shades_classic,
  );
  return {
    file: (name, size) => fileBar(bars, bars.create(size, 0, texts(name, { size, confirmed: 0 })), { name, size }),
    say: (text) => bars.log(`${text}\n`),
    close: () => bars.stop(),
  };
}

function fileBar(bars: MultiBar, bar: SingleBar, { name, size }: { name: string; size: number }): FileBar {
  return {
    update: (confirmed, details = {}) => bar.update(confirmed, texts(name, { size, confirmed, ...details })),
    done: (text) => {
      bars.remove(bar);
      bars.log(`${text}\n`);
    },
  };
}

interface BarState {
  readonly size: number;
  readonly confirmed: number;
  readonly speed?: number | undefined;
  readonly secondsLeft?: number | undefined;
}

function texts(name: string, { size, confirmed, speed, secondsLeft }: BarState): Record<string, string> {
  return {
    name,
    sent: sizeText(confirmed),
    whole: sizeText(size),
    speed: speed === undefined ? "" : `${sizeText(speed)}/s`,
    left: secondsLeft === undefined ? "" : timeText(secondsLeft),
  };
}

/** Write bytes for people. */
export function sizeText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? Math.round(value) : value.toFixed(value < 10 ? 2 : 1)} ${units[power]}`;
}

function timeText(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return [...(hours > 0 ? [hours] : []), minutes, rest].map((part) => String(part).padStart(2, "0")).join(":");
}
