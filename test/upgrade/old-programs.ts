/** The programs of another checkout, and stock ones, as the script that makes the kept folder runs them. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { type AddressInfo, connect, createServer as createTcpServer } from "node:net";

export interface RunOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that runs; what it prints is kept. */
export class Running implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly exited: Promise<number | null>;
  output = "";

  constructor(command: string, args: readonly string[], { cwd, env = {} }: RunOptions) {
    this.process = spawn(command, args, { cwd, env: { ...process.env, HOME: cwd, ...env } });
    for (const stream of [this.process.stdout, this.process.stderr]) {
      stream?.on("data", (text) => {
        this.output += String(text);
      });
    }
    this.exited = once(this.process, "exit").then(() => this.process.exitCode);
  }

  /** Wait until it has printed this. */
  async printed(pattern: RegExp): Promise<string> {
    return until(() => pattern.exec(this.output)?.[0], `it to print ${pattern}`);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) this.process.kill(signal);
    await this.exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill("SIGKILL");
  }
}

/** Run a program to its end. @throws when it fails */
export async function run(command: string, args: readonly string[], options: RunOptions): Promise<string> {
  await using program = new Running(command, args, options);
  const code = await program.exited;
  if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${program.output}`);
  return program.output;
}

/** Ask again and again: nothing tells from outside when another program is so far. */
export async function until<T>(ask: () => T | undefined | Promise<T | undefined>, what: string): Promise<T> {
  const end = performance.now() + 60_000;
  while (performance.now() < end) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Cannot wait any longer for ${what}`);
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const port = portOf(server.address());
  server.close();
  return port;
}

export interface Line extends AsyncDisposable {
  readonly origin: string;
  /** Bytes that may still pass in each direction. */
  left: { sent: number; received: number };
}

/** A line to a port that stands still when its bytes are used up. */
export async function line(port: number): Promise<Line> {
  const left = { sent: Number.POSITIVE_INFINITY, received: Number.POSITIVE_INFINITY };
  const server = createTcpServer((near) => {
    const far = connect(port, "127.0.0.1");
    for (const [from, to, way] of [
      [near, far, "sent"],
      [far, near, "received"],
    ] as const) {
      from.on("error", () => undefined);
      from.on("end", () => to.end());
      from.on("close", () => to.destroy());
      from.on("data", (bytes: Buffer) => {
        left[way] -= bytes.length;
        if (left[way] < 0) from.pause();
        else to.write(bytes);
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    origin: `http://127.0.0.1:${portOf(server.address())}`,
    left,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("it listens on no port");
  return address.port;
}
