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
    await this.#xdotool("key", "--delay", "100", ...keys);
  }

  /** Click with the mouse; the pointer rests first, as buttons look where it was. */
  async click(x: number, y: number): Promise<void> {
    await this.#xdotool("mousemove", `${x}`, `${y}`, "sleep", "0.3", "click", "1");
  }

  /** Choose a folder in the dialog that a page has opened. Return would close it without a choice, its button chooses. */
  async chooseFolder(folder: string): Promise<void> {
    const dialog = ["search", "--sync", "--onlyvisible", "--name", "^Select where"];
    await this.#xdotool(...dialog, "windowfocus", "--sync", "type", "--delay", "60", folder);
    const shell = await this.#xdotool(...dialog, "getwindowgeometry", "--shell");
    const [width = 0, height = 0] = ["WIDTH", "HEIGHT"].map((side) =>
      Number(new RegExp(`${side}=(\\d+)`).exec(shell)?.[1]),
    );
    await this.click(width - 50, height - 24);
  }

  async #xdotool(...args: readonly string[]): Promise<string> {
    const program = new Program("xdotool", args, { env: { DISPLAY: this.name } });
    const code = await program.exited;
    if (code !== 0) throw new Error(`Cannot do ${args.join(" ")}: ${program.output}`);
    return program.stdout;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.#server, "exit");
    this.#server.kill("SIGKILL");
    await ended;
  }
}
