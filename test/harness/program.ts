/** Programs that tests start: each leads its own process group, so that a kill takes its children too. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";

/** Colours would stand between the words that tests look for; some programs have them wherever `CI` is set. */
const plain: NodeJS.ProcessEnv = { NO_COLOR: "1", FORCE_COLOR: undefined };

export interface ProgramOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A running program, its output kept. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #listeners = new Set<() => void>();
  readonly exited: Promise<number | NodeJS.Signals>;
  stdout = "";
  stderr = "";

  constructor(command: string, args: readonly string[], { env = {}, cwd = process.cwd() }: ProgramOptions = {}) {
    this.#child = spawn(command, args, {
      cwd,
      env: { ...process.env, ...plain, ...env },
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child.stdout?.setEncoding("utf8").on("data", (text: string) => {
      this.stdout += text;
      this.#tell();
    });
    this.#child.stderr?.setEncoding("utf8").on("data", (text: string) => {
      this.stderr += text;
      this.#tell();
    });
    this.exited = once(this.#child, "close").then(([code, signal]) => {
      this.#tell();
      return (code ?? signal) as number | NodeJS.Signals;
    });
    // Whoever awaits `exited` hears of a spawn that failed; nobody must.
    this.exited.catch(() => this.#tell());
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error("Cannot start the program");
    return this.#child.pid;
  }

  /** Wait until what it printed matches. */
  async printed(pattern: RegExp, timeoutMs = 180_000): Promise<RegExpExecArray> {
    const found = (): RegExpExecArray | null => pattern.exec(this.stdout) ?? pattern.exec(this.stderr);
    return new Promise((resolve, reject) => {
      const look = (): void => {
        const match = found();
        if (match) done(() => resolve(match));
        else if (!this.running) done(() => reject(new Error(`The program ended without ${pattern}:\n${this.output}`)));
      };
      const timer = setTimeout(() => {
        done(() => reject(new Error(`The program did not print ${pattern}:\n${this.output}`)));
      }, timeoutMs);
      const done = (settle: () => void): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        settle();
      };
      this.#listeners.add(look);
      look();
    });
  }

  get output(): string {
    return `${this.stdout}${this.stderr}`;
  }

  /** Resident memory in bytes, now. */
  async residentBytes(): Promise<number> {
    const status = await readFile(`/proc/${this.pid}/status`, "utf8");
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  /** Signal the whole group and wait for its end. */
  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.running) {
      try {
        process.kill(-this.pid, signal);
      } catch {
        // It ended between the look and the kill.
      }
    }
    await this.exited.catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGKILL");
  }

  #tell(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
