/** The command line as a user meets it: a process, its output and its exit code. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const bin = fileURLToPath(new URL("../bin/naru.js", import.meta.url));
export const password = "correct horse";

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a server over it, and commands that talk to it. */
export interface Place extends AsyncDisposable {
  readonly folder: string;
  readonly port: number;
  /** For calls of the server without the command line. */
  readonly api: { readonly origin: string; readonly headers: Readonly<Record<string, string>> };
  start(args: readonly string[], env?: Record<string, string>): ChildProcess;
  naru(...args: string[]): Promise<Ended>;
  naruWith(env: Record<string, string>, ...args: string[]): Promise<Ended>;
}

export async function openPlace(): Promise<Place> {
  const folder = await mkdtemp(join(tmpdir(), "naru-cli-"));
  const args = ["serve", "--port", "0", "--data", join(folder, "data")];
  const server = spawnNaru(args, { NARU_ADMIN_PASSWORD: password });
  const port = await portOf(server);
  const env = { NARU_URL: `http://admin:${encodeURIComponent(password)}@127.0.0.1:${port}`, XDG_STATE_HOME: folder };
  const start: Place["start"] = (command, more = {}) => spawnNaru(command, { ...env, ...more });
  return {
    folder,
    port,
    api: {
      origin: `http://127.0.0.1:${port}`,
      headers: { authorization: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}` },
    },
    start,
    naru: (...command) => ended(start(command)),
    naruWith: (more, ...command) => ended(start(command, more)),
    [Symbol.asyncDispose]: async () => {
      server.kill("SIGTERM");
      if (server.exitCode === null) await once(server, "exit");
      await rm(folder, { recursive: true });
    },
  };
}

export async function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.on("data", (chunk) => {
    stdout += chunk;
  });
  child.stderr?.on("data", (chunk) => {
    stderr += chunk;
  });
  const [code] = await once(child, "close");
  return { code, stdout, stderr };
}

export function spawnNaru(args: readonly string[], env: Record<string, string>): ChildProcess {
  const { PATH = "", HOME = "" } = process.env;
  return spawn(process.execPath, [bin, ...args], { env: { PATH, HOME, ...env }, stdio: ["ignore", "pipe", "pipe"] });
}

async function portOf(server: ChildProcess): Promise<number> {
  if (!server.stdout) throw new Error("the server has no output");
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /Naru is at\s+http:\/\/localhost:(\d+)/.exec(line)?.[1];
    if (port === undefined) continue;
    server.stdout.resume();
    return Number(port);
  }
  throw new Error("the server ended before it listened");
}
