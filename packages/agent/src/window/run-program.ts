/** Programs of the system that do one thing and end. */

import { execFile } from "node:child_process";

interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Run a program to its end; `undefined` when the computer does not have it. */
export function runProgram(program: string, args: readonly string[]): Promise<Ran | undefined> {
  return new Promise((resolve) => {
    execFile(program, args, { windowsHide: true, maxBuffer: 16 * 1024 * 1024 }, (error, output) => {
      if (error === null) resolve({ code: 0, output });
      else resolve(typeof error.code === "number" ? { code: error.code, output } : undefined);
    });
  });
}
