/** Processes: a command that is timed until it ends, and one that lives until the benchmark does. */

import { type ChildProcess, type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import type { Sample } from "./contest.ts";

export interface CommandOptions {
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Words before the command, e.g. `ip netns exec NAME`. */
  readonly prefix?: readonly string[] | undefined;
  /** A daemon that is told what to do on its standard input. */
  readonly stdin?: "pipe" | undefined;
}

/** What an ended command left. */
export interface Ended extends Sample {
  readonly stdout: string;
}

const timeMark = "naru-bench-time";

/**
 * Run a command to its end and tell its wall time and the CPU time of it and all its children.
 *
 * @throws {Error} when it ends with another code than 0, with what it said
 */
export async function timed(command: readonly string[], options: CommandOptions = {}): Promise<Ended> {
  // bash's `time` counts what the kernel accounts to the ended children; Node has no wait4().
  const script = `TIMEFORMAT="${timeMark} %3R %3U %3S"; time "$@"`;
  const { stdout, stderr } = await finished(
    [...(options.prefix ?? []), "bash", "-c", script, "bash", ...command],
    options,
  );
  const [real, user, system] = stderr.split(timeMark).at(-1)?.trim().split(" ").map(Number) ?? [];
  if (real === undefined || user === undefined || system === undefined) throw new Error(`Cannot time "${command[0]}"`);
  return { seconds: real, cpuSeconds: user + system, stdout };
}

/** Run a command to its end. @throws {Error} when it fails, with what it said */
export async function output(command: readonly string[], options: CommandOptions = {}): Promise<string> {
  return (await finished([...(options.prefix ?? []), ...command], options)).stdout;
}

/** Run a command to its end and hand back all that it said. @throws {Error} when it fails */
export async function finished(
  command: readonly string[],
  { env }: CommandOptions,
): Promise<{ stdout: string; stderr: string }> {
  const [file = "", ...args] = command;
  const child = spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } });
  let stdout = "";
  let stderr = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    stderr += text;
  });
  const [code] = await once(child, "close");
  if (code !== 0) {
    throw new Error(
      `Cannot run "${command.join(" ").slice(0, 200)}": it ended with ${code}: ${`${stderr}${stdout}`.slice(-600)}`,
    );
  }
  return { stdout, stderr };
}

/** A process that lives until it is disposed of: SIGTERM, and SIGKILL if it does not listen. */
export class Daemon implements AsyncDisposable {
  readonly child: ChildProcess;
  /** The line that said it was ready. */
  readonly readyLine: string;

  constructor(child: ChildProcess, readyLine: string) {
    this.child = child;
    this.readyLine = readyLine;
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, "exit");
    this.child.kill("SIGTERM");
    const hard = setTimeout(() => this.child.kill("SIGKILL"), stopPatienceMs);
    await gone;
    clearTimeout(hard);
  }
}

const stopPatienceMs = 8_000;
const startPatienceMs = 120_000;

/**
 * Start a process and wait for a line that matches `readyLine`, on its standard output or error.
 *
 * @throws {Error} when it ends before, or is not ready within two minutes
 */
export async function daemon(
  command: readonly string[],
  readyLine: RegExp,
  options: CommandOptions = {},
): Promise<Daemon> {
  const child = launch(command, options);
  let said = "";
  const ready = Promise.withResolvers<string>();
  const late = setTimeout(
    () => ready.reject(new Error(`Cannot start "${command.join(" ")}": not ready in time: ${said}`)),
    startPatienceMs,
  );
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on("line", (text) => {
      if (said.length < 4_000) said += `${text}\n`;
      if (readyLine.test(text)) ready.resolve(text);
    });
  }
  child.once("error", ready.reject);
  child.once("exit", (code) => {
    ready.reject(new Error(`Cannot start "${command.join(" ")}": it ended with ${code}: ${said}`));
  });
  try {
    return new Daemon(child, await ready.promise);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  } finally {
    clearTimeout(late);
  }
}

/** Start a process that may go on as long as it likes; what it says is dropped. */
export function background(command: readonly string[], options: CommandOptions = {}): Daemon {
  const child = launch(command, options);
  child.stdout?.resume();
  child.stderr?.resume();
  return new Daemon(child, "");
}

function launch(
  command: readonly string[],
  { prefix = [], env, stdin }: CommandOptions,
): ChildProcessByStdio<Writable | null, Readable, Readable> {
  const [file = "", ...args] = [...prefix, ...command];
  const inherited = { ...process.env, ...env };
  return stdin === "pipe"
    ? spawn(file, args, { stdio: ["pipe", "pipe", "pipe"], env: inherited })
    : spawn(file, args, { stdio: ["ignore", "pipe", "pipe"], env: inherited });
}
