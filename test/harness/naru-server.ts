/** A real Naru server: `naru serve` as its own process, killed and started again as a test wants. */

import { freePort } from "./free-port.ts";
import { Program } from "./program.ts";

export const admin = { user: "admin", password: "naru-e2e-password" } as const;

const naruProgram: string = new URL("../../packages/cli/bin/naru.js", import.meta.url).pathname;

export interface ServeOptions {
  readonly dir: string;
  /** The store's URL, as `--store` takes it. */
  readonly store: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Default: a free one. */
  readonly port?: number;
  /** More options of `naru serve`. */
  readonly args?: readonly string[];
}

/** Start `naru serve` and wait until it is ready. */
export async function serveNaru(options: ServeOptions): Promise<NaruServer> {
  const server = new NaruServer(options, options.port ?? (await freePort()));
  await server.start();
  return server;
}

/** Run `naru serve --set-cors`: it admits pages of `origin` to the bucket, and ends. */
export async function setCors({ dir, store, env = {} }: ServeOptions, origin: string): Promise<void> {
  const args = [naruProgram, "serve", "--data", dir, "--store", store, "--set-cors", origin];
  await using program = new Program(process.execPath, args, { env, cwd: dir });
  if ((await program.exited) !== 0) throw new Error(`Cannot set CORS: ${program.output}`);
}

export class NaruServer implements AsyncDisposable {
  readonly #options: ServeOptions;
  readonly port: number;
  #program: Program | undefined;

  constructor(options: ServeOptions, port: number) {
    this.#options = options;
    this.port = port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What it has printed since it was started last. */
  get output(): string {
    return this.program.output;
  }

  get program(): Program {
    if (!this.#program) throw new Error("Cannot look at the server: it was not started");
    return this.#program;
  }

  /** Start it, on the port and the folder it had before. */
  async start(): Promise<void> {
    const { args = [], dir, store, env = {} } = this.#options;
    const place = ["--host", "127.0.0.1", "--port", String(this.port), "--data", dir, "--store", store];
    this.#program = new Program(process.execPath, [naruProgram, "serve", ...place, ...args], {
      env: { NARU_ADMIN_PASSWORD: admin.password, ...env },
      cwd: dir,
    });
    await ready(this.origin, this.#program);
  }

  async kill(signal: NodeJS.Signals): Promise<void> {
    await this.program.kill(signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program?.kill("SIGKILL");
  }
}

/** Ask until it answers; nothing tells from outside when a port opens. */
async function ready(origin: string, program: Program): Promise<void> {
  const end = performance.now() + 60_000;
  while (performance.now() < end && program.running) {
    const response = await fetch(`${origin}/readyz`).catch(() => undefined);
    await response?.text();
    if (response?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await program.kill("SIGKILL");
  throw new Error(`Cannot start naru serve, which ended with ${await program.exited}:\n${program.output}`);
}
