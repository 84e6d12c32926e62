/** The window's calls to its agent, and what the agent tells the window. */

import { type AgentGrant, agentKeyHeader, isFailureCode, TransferError } from "@naru/core";
import type { WindowCalls, WindowEvents } from "../window-wire.ts";

const base = "/ui/";

/** Call the agent. @throws {TransferError} what the agent says, or `unreachable` when it has ended */
export async function call<K extends keyof WindowCalls>(
  name: K,
  body: WindowCalls[K]["takes"],
): Promise<WindowCalls[K]["gives"]> {
  const request = { method: "POST", body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  const response = await fetch(`${base}api/${name}`, request).catch((cause: unknown) => {
    throw new TransferError("unreachable", "Cannot reach the agent: it has exited", { cause });
  });
  if (!response.ok) throw await failureOf(response);
  // The agent that serves this page is of the same build.
  return (await response.json()) as WindowCalls[K]["gives"];
}

/** Send bytes of a file from an offset on; resolves when the agent has them, with its grant then. */
export async function sendBytes(url: string, key: string, body: Blob): Promise<AgentGrant> {
  const request = { method: "PUT", body, headers: { [agentKeyHeader]: key } };
  const response = await fetch(`${base}${url}`, request).catch((cause: unknown) => {
    throw new TransferError("unreachable", "Cannot reach the agent: the connection broke", { cause });
  });
  if (!response.ok) throw await failureOf(response);
  // The agent that serves this page is of the same build.
  return (await response.json()) as AgentGrant;
}

type Listeners = { readonly [K in keyof WindowEvents]: (event: WindowEvents[K]) => void };

/** Be told what happens. `lost` is called when the agent has exited, or no longer knows this window. */
export function listen(listeners: Listeners, lost: () => void): void {
  const source = new EventSource(`${base}api/events`);
  const on = <K extends keyof WindowEvents>(name: K, listener: (event: WindowEvents[K]) => void): void =>
    source.addEventListener(name, (event) => {
      // The agent that serves this page is of the same build.
      listener(JSON.parse(event.data) as WindowEvents[K]);
    });
  on("all", listeners.all);
  on("changes", listeners.changes);
  on("facts", listeners.facts);
  source.addEventListener("error", () => {
    source.close();
    lost();
  });
}

async function failureOf(response: Response): Promise<TransferError> {
  const said: unknown = await response.json().catch(() => undefined);
  const { code, message } = {
    code: "internal",
    message: `Cannot do this: the agent answered ${response.status}`,
    ...Object(said),
  };
  return new TransferError(isFailureCode(code) ? code : "internal", String(message));
}
