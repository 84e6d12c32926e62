/** The command as a user runs it: a process, its output and its exit code. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

export const bin: string = fileURLToPath(new URL("../../bin/naru-agent.js", import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly ended: Promise<Ended>;
  /** The first line of its output that has `wanted` in it, now or later. @throws when it ends without */
  line(wanted: RegExp): Promise<RegExpExecArray>;
  /** The same, of what it writes on stderr. */
  complaint(wanted: RegExp): Promise<RegExpExecArray>;
}

/** Start it, without a display. */
export function startNaruAgent(args: readonly string[], env: Readonly<Record<string, string>>): Running {
  const all = { ...process.env, DISPLAY: "", WAYLAND_DISPLAY: "", ...env };
  const child = spawn(process.execPath, [bin, ...args], { env: all, stdio: ["ignore", "pipe", "pipe"] });
  let stderr = "";
  child.stderr.on("data", (chunk) => {
    stderr += chunk;
    tell();
  });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  createInterface({ input: child.stdout }).on("line", (line) => {
    lines.push(line);
    tell();
  });
  let isOver = false;
  const ended = once(child, "close").then(([code]): Ended => {
    isOver = true;
    tell();
    return { code, stdout: lines.map((line) => `${line}\n`).join(""), stderr };
  });
  const look = (wanted: RegExp, said: readonly string[]): RegExpExecArray | undefined => {
    for (const line of said) {
      const found = wanted.exec(line);
      if (found) return found;
    }
    if (isOver) throw new Error(`it ended without ${wanted}: ${stderr}`);
    return undefined;
  };
  const hear = async (wanted: RegExp, said: () => readonly string[]): Promise<RegExpExecArray> => {
    for (;;) {
      const found = look(wanted, said());
      if (found) return found;
      const { promise, resolve } = Promise.withResolvers<void>();
      listeners.add(resolve);
      await promise;
      listeners.delete(resolve);
    }
  };
  return {
    ended,
    line: (wanted) => hear(wanted, () => lines),
    complaint: (wanted) => hear(wanted, () => stderr.split("\n")),
  };
}

/** Run it to its end. */
export function runNaruAgent(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Ended> {
  return startNaruAgent(args, env).ended;
}
