/** `naru-agent start`: the agent itself, until somebody says quit. */

import { isTransferError } from "@naru/core";
import { startAgent } from "../agent.ts";
import { ControlClient } from "../control/control-client.ts";
import { controlPath } from "../control/control-path.ts";
import { agentLog } from "./agent-log.ts";
import { allowedOrigins } from "./allowed-origins.ts";

export interface StartCommand {
  readonly data: string;
  readonly headless?: boolean | undefined;
}

/** Run the agent. One that runs already is shown instead. */
export async function start({ data, headless = false }: StartCommand): Promise<void> {
  const log = agentLog(data);
  const pages = { allowedOrigins: await allowedOrigins() };
  if (pages.allowedOrigins.length > 0) log(`only these sites may be paired: ${pages.allowedOrigins.join(" ")}`);
  const agent = await startAgent({ dataDir: data, headless, log, pages }).catch(async (error: unknown) => {
    if (!isTransferError(error) || error.code !== "conflict") throw error;
    await showOther(data);
  });
  if (agent === undefined) return;
  // Whoever started this waits for this line.
  console.log(`naru-agent ${process.pid} runs`);
  const stopped = new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop());
  });
  await Promise.race([agent.quit, stopped]);
  log("agent ends");
  await agent.close();
}

async function showOther(data: string): Promise<void> {
  using other = await ControlClient.connect(controlPath(data));
  await other?.call({ command: "show" });
  console.log("naru-agent runs already");
}
