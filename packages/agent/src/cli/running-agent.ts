/** Finds the agent of a data folder, and starts it when it is not running. */

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isSea } from "node:sea";
import { setTimeout as wait } from "node:timers/promises";
import { TransferError } from "@naru/core";
import { ControlClient } from "../control/control-client.ts";
import { controlPath } from "../control/control-path.ts";
import { isDiskRefusal } from "../full-disk.ts";

const startMs = 30_000;
const lookAgainMs = 50;

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
  const failed = endedBadly(child, data);
  child.unref();
  for (const since = performance.now(); performance.now() - since < startMs; ) {
    // It is ready when its socket answers: what it writes cannot be read on every system.
    const client = await Promise.race([ControlClient.connect(controlPath(data)), failed]);
    if (client !== undefined) return client;
    await Promise.race([wait(lookAgainMs), failed]);
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
    const args = [...program, "start", "--no-window", "--data", data];
    return spawn(process.execPath, args, { detached: true, stdio: ["ignore", errors, errors], windowsHide: true });
  } finally {
    closeSync(errors);
  }
}

/** Rejects when it ends without having said that another one runs: two commands at once start one agent. */
function endedBadly(child: ChildProcess, data: string): Promise<never> {
  const failed = new Promise<never>((_, reject) => {
    void once(child, "exit").then(
      ([code]) => {
        if (code === 0) return;
        reject(whyNot(data, code));
      },
      (cause: unknown) => reject(new TransferError("internal", "Cannot start the agent", { cause })),
    );
  });
  failed.catch(() => undefined);
  return failed;
}

/** What it said went to a file; a full disk has no room for it. */
function whyNot(data: string, code: unknown): TransferError {
  const where = join(data, "agent.err");
  try {
    if (readFileSync(where).length === 0) writeFileSync(where, "It exited without an error message.\n");
  } catch (cause) {
    if (isDiskRefusal(cause)) {
      return new TransferError("no-space", `Cannot start the agent: the disk of "${data}" is full`, { cause });
    }
  }
  return new TransferError("internal", `Cannot start the agent: it exited with ${code} (see "${where}")`);
}
