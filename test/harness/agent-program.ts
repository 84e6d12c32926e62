/** A real desktop agent as its own process: killed and started again, and watched over its control socket. */

import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Program } from "./program.ts";

const agentProgram: string = new URL("../../packages/agent/bin/naru-agent.js", import.meta.url).pathname;

/** What the agent tells of a transfer, as far as tests ask. */
interface AgentTransferView {
  readonly id: string;
  readonly state: string;
  readonly way: string;
  readonly size: number;
  readonly confirmed: number;
  readonly unfed: number;
  readonly held: number;
  readonly bytesSent: number;
  readonly partsSkipped: number;
  readonly error?: { readonly code: string; readonly message: string };
}

/** An agent of a data folder. */
export class AgentProgram implements AsyncDisposable {
  readonly #dir: string;
  readonly #watchers = new Set<() => void>();
  readonly #transfers = new Map<string, AgentTransferView>();
  #program: Program | undefined;
  #socket: Socket | undefined;
  /** The most that a spool has held so far. */
  mostHeld = 0;

  private constructor(dir: string) {
    this.#dir = dir;
  }

  /** Start one; `settings` are words of `naru-agent settings`, followed from the start on. */
  static async start(dir: string, settings: readonly string[] = []): Promise<AgentProgram> {
    await mkdir(dir, { recursive: true });
    const agent = new AgentProgram(dir);
    await agent.start();
    if (settings.length > 0) await agent.run("settings", ...settings);
    return agent;
  }

  get program(): Program {
    if (!this.#program) throw new Error("Cannot look at the agent: it was not started");
    return this.#program;
  }

  /** The transfers that it has told of, the oldest first. */
  get transfers(): readonly AgentTransferView[] {
    return [...this.#transfers.values()];
  }

  async start(): Promise<void> {
    this.#program = new Program(process.execPath, [
      agentProgram,
      "start",
      "--headless",
      "--port",
      "0",
      "--data",
      this.#dir,
    ]);
    await this.#program.printed(/naru-agent \d+ runs/);
    await this.#watch();
  }

  /** Run a command of it. @throws when it fails */
  async run(command: string, ...words: readonly string[]): Promise<string> {
    await using program = new Program(process.execPath, [agentProgram, command, ...words, "--data", this.#dir]);
    const code = await program.exited;
    if (code !== 0) throw new Error(`naru-agent ${command} ended with ${code}:\n${program.output}`);
    return program.stdout;
  }

  /** Where pages reach it: another agent of this computer may have the usual port. */
  async port(): Promise<number> {
    return (JSON.parse(await this.run("status", "--json")) as { port: number }).port;
  }

  /** End it as the power would. */
  async kill(): Promise<void> {
    await this.program.kill("SIGKILL");
    this.#socket?.destroy();
  }

  /** Wait until its latest transfer is so. */
  async until(holds: (transfer: AgentTransferView) => boolean, timeoutMs = 270_000): Promise<AgentTransferView> {
    let stop = (): void => undefined;
    const found = new Promise<AgentTransferView>((resolve, reject) => {
      const look = (): void => {
        const transfer = this.transfers.at(-1);
        if (transfer === undefined) return;
        if (holds(transfer)) resolve(transfer);
        else if (transfer.state === "failed") reject(new Error(`It failed: ${JSON.stringify(transfer.error)}`));
      };
      const timer = setTimeout(() => {
        reject(new Error(`The agent has not come so far: ${JSON.stringify(this.transfers.at(-1))}`));
      }, timeoutMs);
      stop = () => {
        clearTimeout(timer);
        this.#watchers.delete(look);
      };
      this.#watchers.add(look);
      look();
    });
    return found.finally(() => stop());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
  }

  async #watch(): Promise<void> {
    const socket = connect(join(this.#dir, "control.sock"));
    await once(socket, "connect");
    this.#socket = socket;
    // The agent may be killed at any moment.
    socket.on("error", () => undefined);
    createInterface({ input: socket }).on("line", (line) => this.#hear(JSON.parse(line)));
    socket.write(`${JSON.stringify({ id: 1, command: "watch" })}\n`);
  }

  #hear({ result = [], event }: { result?: AgentTransferView[]; event?: { transfer: AgentTransferView } }): void {
    for (const transfer of event ? [event.transfer] : result) {
      this.#transfers.set(transfer.id, transfer);
      this.mostHeld = Math.max(this.mostHeld, transfer.held);
    }
    for (const watcher of [...this.#watchers]) watcher();
  }
}
