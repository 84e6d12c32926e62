/** `naru-agent window`: shows the agent's window, started when it is not running. */

import { decoder } from "@naru/core";
import { object, text } from "@naru/core/schema";
import type { ControlClient } from "../control/control-client.ts";
import type { DesktopEnv } from "../window/desktop.ts";
import { openShell } from "../window/shell.ts";
import { startedAgent } from "./running-agent.ts";

export interface WindowCommand {
  readonly data: string;
  /** Print the address instead, for whoever opens it in time. */
  readonly address?: boolean | undefined;
  readonly env: DesktopEnv;
}

/** Open a window. @throws {TransferError} `unavailable` when nothing can show it */
export async function openWindow({ data, address, env }: WindowCommand): Promise<void> {
  using client = await startedAgent(data);
  if (address) console.log(await windowAddress(client));
  else console.log(`shown by ${await showWindow(await windowAddress(client), data, env)}`);
}

const readAddress = decoder(object({ address: text("Opens the window once.") }));

/** Ask an agent for an address of its window. */
export async function windowAddress(client: ControlClient): Promise<string> {
  return readAddress(await client.call({ command: "window" }), "window").address;
}

/** Show an address of a window; tell what shows it. */
export function showWindow(address: string, data: string, env: DesktopEnv): Promise<string> {
  return openShell(address, { platform: process.platform, env, data });
}
