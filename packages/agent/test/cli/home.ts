/** A user's home: an agent's data folder, files, and a server that they go to. */

import { randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { tempFolder } from "../stores/temp-folder.ts";
import { type FarSide, openFarSide } from "../transfers/far-side.ts";
import { type Ended, runNaruAgent } from "./naru-agent.ts";

export interface Home extends AsyncDisposable {
  readonly path: string;
  readonly far: FarSide;
  /** Words that name the key which signs in. */
  readonly key: readonly string[];
  /** The same, and the server's own key. */
  readonly trusting: readonly string[];
  /** The variables that make it this home. */
  readonly env: Readonly<Record<string, string>>;
  naru(...args: readonly string[]): Promise<Ended>;
  /** The transfers that the agent lists. */
  list(): Promise<readonly Listed[]>;
  fileOf(name: string, size?: number): Promise<string>;
}

export interface Listed {
  readonly id: string;
  readonly path: string;
  readonly to: string;
  readonly state: string;
}

/** Make a home; its agent is told to quit at the end. */
export async function openHome(): Promise<Home> {
  const far = await openFarSide();
  const folder = await tempFolder();
  const identity = join(folder.path, "key");
  await writeFile(identity, String(far.server.target.privateKey), { mode: 0o600 });
  const key = ["--identity", identity];
  const env = { NARU_AGENT_DATA: join(folder.path, "data") };
  const naru = (...args: readonly string[]): Promise<Ended> => runNaruAgent(args, env);
  return {
    path: folder.path,
    far,
    key,
    trusting: [...key, "--host-key", far.server.target.hostKey ?? ""],
    env,
    naru,
    async list() {
      const lines = (await naru("list", "--json")).stdout.trim().split("\n");
      return lines.filter((line) => line !== "").map((line) => JSON.parse(line));
    },
    async fileOf(name, size = 10) {
      const file = join(folder.path, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, randomBytes(size));
      return file;
    },
    async [Symbol.asyncDispose]() {
      await naru("quit");
      await far[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
