/** A terminal as people have it: tmux, whose screen can be read. */

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { needs } from "../../../test/peers/needs.ts";

needs("tmux");

const run = promisify(execFile);

export interface Screen extends AsyncDisposable {
  /** What is seen, without empty lines and blanks at ends. */
  lines(): Promise<readonly string[]>;
  /** Wait for the command's end. */
  ended(): Promise<void>;
  resize(columns: number): Promise<void>;
}

/** Run a command in a terminal of its own. */
export async function openScreen(
  command: readonly string[],
  { columns, env }: { readonly columns: number; readonly env: Readonly<Record<string, string>> },
): Promise<Screen> {
  const name = `naru-${process.pid}-${Math.random().toString(36).slice(2)}`;
  const tmux = (...args: string[]) => run("tmux", ["-L", name, "-u", "-f", "/dev/null", ...args]);
  const words = command.map((word) => `'${word.replaceAll("'", "'\\''")}'`).join(" ");
  const vars = Object.entries(env).flatMap(([key, value]) => ["-e", `${key}=${value}`]);
  const shell = `${words}; tmux -L ${name} wait-for -S ended; exec cat`;
  await tmux("new-session", "-d", "-x", String(columns), "-y", "30", ...vars, "sh", "-c", shell);
  return {
    lines: async () =>
      (await tmux("capture-pane", "-p")).stdout
        .split("\n")
        .map((line) => line.trimEnd())
        .filter((line) => line !== ""),
    ended: async () => void (await tmux("wait-for", "ended")),
    resize: async (wide) => void (await tmux("resize-window", "-x", String(wide))),
    [Symbol.asyncDispose]: async () => void (await tmux("kill-server").catch(() => undefined)),
  };
}
