/** Naru itself, as a user runs it: `naru serve` as one process, `naru put` and `naru get` as others. */

import { existsSync } from "node:fs";
import { cp, symlink } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { type CommandOptions, type Daemon, daemon, type Ended, timed } from "./command.ts";

const here = new URL("../../..", import.meta.url).pathname;
export const password: string = "bench-password";

/** A running server and how to reach it. */
export interface Naru extends AsyncDisposable {
  readonly origin: string;
  readonly pid: number;
  readonly dataDir: string;
  /** Run `naru ARGS...` against it and time it. */
  command(args: readonly string[], options?: CommandOptions): Promise<Ended>;
  /** What `command` runs, for those who run it themselves with `clientEnv`. */
  commandLine(args: readonly string[]): readonly string[];
  readonly clientEnv: Readonly<Record<string, string>>;
  /** The origin with user and password in it, for curl. */
  readonly signedInOrigin: string;
  readonly basicAuth: string;
  /** JavaScript that signs a page of this origin in. */
  readonly signIn: string;
}

export interface NaruOptions {
  readonly host: string;
  readonly dataDir: string;
  readonly store: string;
  /** Another checkout, whose server and commands are run. */
  readonly root?: string | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** More options of `naru serve`. */
  readonly args?: readonly string[] | undefined;
}

/** Start `naru serve` and wait until it answers. */
export async function startNaru(options: NaruOptions): Promise<Naru> {
  const { host, dataDir, store, root, env, args: more = [] } = options;
  const program = join(root ?? here, "packages/cli/bin/naru.js");
  const client = root === undefined ? await installed(join(dirname(dataDir), "installed")) : program;
  const port = await freePort(host);
  const origin = `http://${host}:${port}`;
  const args = ["serve", "--host", host, "--port", String(port), "--data", dataDir, "--store", store, ...more];
  const serverEnv = { ...env, NARU_ADMIN_PASSWORD: password };
  const server: Daemon = await daemon([process.execPath, program, ...args], new RegExp(`:${port}\\b`), {
    env: serverEnv,
  });
  const url = `http://admin:${password}@${host}:${port}`;
  const login = JSON.stringify(JSON.stringify({ user: "admin", password }));
  const clientEnv = { NARU_URL: url };
  const commandLine = (words: readonly string[]): readonly string[] => [process.execPath, client, ...words];
  return {
    origin,
    dataDir,
    pid: server.pid,
    commandLine,
    clientEnv,
    signedInOrigin: url,
    basicAuth: `Basic ${Buffer.from(`admin:${password}`).toString("base64")}`,
    command: (words, options = {}) => timed(commandLine(words), { ...options, env: { ...options.env, ...clientEnv } }),
    signIn: `fetch("/api/session", {method: "POST", headers: {"content-type": "application/json"}, body: ${login}}).then((a) => a.status)`,
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}

/** The command line as people install it: beside its sources it looks first whether one of them is newer. */
async function installed(folder: string): Promise<string> {
  if (!existsSync(folder)) {
    for (const name of ["bin", "package.json", "dist/bundle"]) {
      await cp(join(here, "packages/cli", name), join(folder, name), { recursive: true });
    }
    await symlink(join(here, "node_modules"), join(folder, "node_modules"));
  }
  return join(folder, "bin/naru.js");
}

export async function freePort(host: string): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, host, resolve));
  // A TCP server's address is an AddressInfo.
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
