/** Finds the agent of a data folder, and starts it when it is not running. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { join } from "node:path";
import { isSea } from "node:sea";
import { setTimeout } from "node:timers/promises";
import { TransferError } from "@naru/core";
import { ControlClient } from "../control/control-client.ts";
import { controlPath } from "../control/control-path.ts";

const startMs = 10_000;
const lookAgainMs = 100;

/** Connect to the agent. @throws {TransferError} `unavailable` when it is not running */
export async function runningAgent(data: string): Promise<ControlClient> {
  const client = await ControlClient.connect(controlPath(data));
  if (client !== undefined) return client;
  throw new TransferError("unavailable", `Cannot reach the agent of "${data}": it is not running (naru-agent start)`);
}

/** Connect to the agent, started (without a window, on its own) when it is not running. */
export async function startedAgent(data: string): Promise<ControlClient> {
  const running = await ControlClient.connect(controlPath(data));
  if (running !== undefined) return running;
  const child = startDetached(data);
  await ready(child, data);
  // Another command may have started it first, and it may not listen yet.
  for (const since = performance.now(); performance.now() - since < startMs; ) {
    const client = await ControlClient.connect(controlPath(data));
    if (client !== undefined) return client;
    await setTimeout(lookAgainMs);
  }
  return runningAgent(data);
}

function startDetached(data: string): ChildProcess {
  const [, script = ""] = process.argv;
  const program = isSea() ? [] : [...process.execArgv, script];
  mkdirSync(data, { recursive: true, mode: 0o700 });
  // What it says when it fails must go somewhere that outlives us.
  const errors = openSync(join(data, "agent.err"), "w", 0o600);
  try {
    const args = [...program, "start", "--headless", "--data", data];
    return spawn(process.execPath, args, {
      detached: true,
      stdio: ["ignore", "pipe", errors],
      windowsHide: true,
    });
  } finally {
    closeSync(errors);
  }
}

/** Wait for its first line, or its end. */
async function ready(child: ChildProcess, data: string): Promise<void> {
  const stop = new AbortController();
  const { stdout } = child;
  if (stdout === null) throw new TransferError("internal", "Cannot start the agent: it has no output");
  const said = once(stdout, "data", stop).then(() => undefined);
  const ended = once(child, "exit", stop).then(([code]) => {
    const where = join(data, "agent.err");
    throw new TransferError("internal", `Cannot start the agent: it ended with ${String(code)} ("${where}" says why)`);
  });
  ended.catch(() => undefined);
  said.catch(() => undefined);
  await Promise.race([said, ended]);
  stop.abort();
  stdout.destroy();
  child.unref();
}
