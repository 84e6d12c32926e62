/** `naru-agent start`: the agent itself, until somebody says quit. */

import { isTransferError } from "@naru/core";
import { type Agent, startAgent } from "../agent.ts";
import { ControlClient } from "../control/control-client.ts";
import { controlPath } from "../control/control-path.ts";
import { type DesktopEnv, openDesktop } from "../window/desktop.ts";
import { agentLog } from "./agent-log.ts";
import { allowedOrigins } from "./allowed-origins.ts";
import { showWindow, windowAddress } from "./window.ts";

export interface StartCommand {
  readonly data: string;
  readonly headless?: boolean | undefined;
  readonly port?: number | undefined;
  readonly env: DesktopEnv;
}

/** Run the agent. One that runs already is shown instead. */
export async function start({ data, headless = false, port, env }: StartCommand): Promise<void> {
  const log = agentLog(data);
  const pages = { allowedOrigins: await allowedOrigins(), ports: port === undefined ? undefined : [port] };
  if (pages.allowedOrigins.length > 0) log(`only these sites may be paired: ${pages.allowedOrigins.join(" ")}`);
  const desktop = openDesktop(env, data);
  const agent = await startAgent({ dataDir: data, headless, log, pages, desktop }).catch(async (error: unknown) => {
    if (!isTransferError(error) || error.code !== "conflict") throw error;
    console.log("naru-agent runs already");
    if (!headless) await showOther(data, env);
  });
  if (agent === undefined) return;
  // Whoever started this waits for this line.
  console.log(`naru-agent ${process.pid} runs`);
  showWhenAsked(agent, { show: (address) => showWindow(address, data, env), headless, log });
  const stopped = new Promise<void>((stop) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop());
  });
  await Promise.race([agent.quit, stopped]);
  log("agent ends");
  await agent.close();
}

interface Showing {
  readonly show: (address: string) => Promise<string>;
  readonly headless: boolean;
  readonly log: (line: string) => void;
}

/** The window comes at the start, when it is asked for, and when a site asks for what only the user may allow. */
function showWhenAsked(agent: Agent, { show, headless, log }: Showing): void {
  const open = (): void => {
    // Without a window everything goes on as it does.
    const why = (error: unknown): void => log(error instanceof Error ? error.message : String(error));
    void agent
      .windowAddress()
      .then(show)
      .then((by) => log(`window shown by ${by}`))
      .catch(why);
  };
  if (!headless) open();
  agent.onShow(open);
  const asked = new Set<string>();
  agent.pages.pairings.onChange(() => {
    const codes = agent.pages.pairings.pending().filter(({ code, allowed }) => code !== "" && !allowed);
    const news = codes.filter(({ code }) => !asked.has(code));
    for (const { code } of news) asked.add(code);
    if (news.length > 0 && !agent.isWindowOpen()) open();
  });
}

async function showOther(data: string, env: DesktopEnv): Promise<void> {
  using other = await ControlClient.connect(controlPath(data));
  if (other !== undefined) await showWindow(await windowAddress(other), data, env);
}
