/** An X display of its own, for prompts that only a real window shows, and keys pressed by xdotool. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { needs } from "../peers/needs.ts";
import { Program } from "./program.ts";

needs("Xvfb", "xdotool");

/** Start Xvfb on a free display. */
export async function openDisplay(): Promise<Display> {
  const server = spawn("Xvfb", ["-displayfd", "3", "-screen", "0", "1280x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const [number] = (await once(server.stdio[3] as NonNullable<ChildProcess["stdout"]>, "data")) as [Buffer];
  return new Display(server, `:${number.toString().trim()}`);
}

export class Display implements AsyncDisposable {
  readonly #server: ChildProcess;
  readonly name: string;

  constructor(server: ChildProcess, name: string) {
    this.#server = server;
    this.name = name;
  }

  /** Press keys, one after another. */
  async press(...keys: string[]): Promise<void> {
    const program = new Program("xdotool", ["key", "--delay", "100", ...keys], { env: { DISPLAY: this.name } });
    const code = await program.exited;
    if (code !== 0) throw new Error(`Cannot press ${keys.join(" ")}: ${program.output}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, "exit");
    this.#server.kill("SIGKILL");
    await ended;
  }
}
