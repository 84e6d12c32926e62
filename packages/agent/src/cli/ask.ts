/** The commands that ask a running agent something, and show what it says. */

import type { ControlCommand } from "../control/messages.ts";
import { tellFailuresOf } from "./failures.ts";
import { runningAgent } from "./running-agent.ts";
import { lineOf, readViews } from "./views.ts";

export interface AskOptions {
  readonly data: string;
  readonly json?: boolean | undefined;
}

/** Have a command done that answers with transfers. */
export async function askTransfers(command: ControlCommand, { data, json }: AskOptions): Promise<void> {
  using client = await runningAgent(data);
  tellFailuresOf(client);
  for (const view of readViews(await client.call(command))) console.log(json ? JSON.stringify(view) : lineOf(view));
}

/** Have a command done that answers with one object. */
export async function askFacts(command: ControlCommand, { data, json }: AskOptions): Promise<void> {
  using client = await runningAgent(data);
  const facts = await client.call(command);
  if (json) console.log(JSON.stringify(facts));
  else for (const [name, value] of Object.entries(Object(facts))) console.log(`${name}: ${plain(value)}`);
}

/** Ask the agent to end, and wait until it has. */
export async function quit({ data }: AskOptions): Promise<void> {
  using client = await runningAgent(data);
  await client.call({ command: "quit" });
  await client.closed();
}

function plain(value: unknown): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
