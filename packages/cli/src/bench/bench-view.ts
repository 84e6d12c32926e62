/** What people see of a measurement: one line that moves on a terminal, elsewhere a line for each round. */

import { stderr } from "node:process";
import type { Task as ScheduledTask } from "@naru/client/experiment";
import { LiveLines, type Terminal } from "../live-lines.ts";
import { progressLine, sizeText } from "../progress-line.ts";
import type { BenchWay } from "./bench-way.ts";

type Task = ScheduledTask<BenchWay>;

export interface BenchView extends Disposable {
  /** This is measured now. */
  begin(task: Task): void;
  /** So much of it has been carried. */
  carried(bytes: number): void;
  say(text: string): void;
}

/** Show how far a schedule is. */
export function openView(
  schedule: readonly Task[],
  rounds: number,
  terminal: Terminal & { readonly isTTY?: boolean } = stderr,
): BenchView {
  const whole = schedule.reduce((sum, { files, size }) => sum + files * size, 0);
  const began = performance.now();
  let [done, now, round] = [0, 0, 0];
  let task: Task | undefined;
  const draw = (columns: number): readonly string[] => {
    if (task === undefined) return [];
    const confirmed = done + Math.min(now, task.files * task.size);
    const seconds = (performance.now() - began) / 1000;
    const pace = confirmed / seconds;
    return [
      progressLine(
        {
          label: labelOf(task, rounds),
          size: whole,
          confirmed,
          secondsLeft: pace > 0 ? (whole - confirmed) / pace : undefined,
        },
        columns,
      ),
    ];
  };
  const lines = terminal.isTTY ? new LiveLines(terminal, draw) : undefined;
  const say = (text: string): void => (lines ? lines.say(text) : void terminal.write(`${text}\n`));
  return {
    begin(next) {
      if (task !== undefined) done += task.files * task.size;
      now = 0;
      task = next;
      if (lines === undefined && next.round !== round) say(`Round ${next.round} of ${rounds}`);
      round = next.round;
    },
    carried(bytes) {
      now = bytes;
    },
    say,
    [Symbol.dispose]: () => lines?.close(),
  };
}

function labelOf({ way, direction, files, size, round }: Task, rounds: number): string {
  const what = files === 1 ? sizeText(size) : `${files} x ${sizeText(size)}`;
  return `round ${round} of ${rounds}: ${what} ${direction} ${way.way}`;
}
