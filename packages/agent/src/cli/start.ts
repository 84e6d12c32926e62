/** `naru-agent start`: the agent itself, until somebody says quit. */

import { isTransferError } from "@naru/core";
import { type Agent, startAgent } from "../agent.ts";
import { ControlClient } from "../control/control-client.ts";
import { controlPath } from "../control/control-path.ts";
import { type DesktopEnv, openDesktop } from "../window/desktop.ts";
import { Tray, type TrayOptions } from "../window/tray.ts";
import { findTrayParts, type TrayPartsOptions } from "../window/tray-parts.ts";
import { agentLog } from "./agent-log.ts";
import { allowedOrigins } from "./allowed-origins.ts";
import { showWindow, windowAddress } from "./window.ts";

export interface StartCommand {
  readonly data: string;
  /** Neither window nor tray icon. */
  readonly headless?: boolean | undefined;
  /** Whether the window is shown at the start. */
  readonly window?: boolean | undefined;
  readonly port?: number | undefined;
  readonly env: DesktopEnv;
}

/** Run the agent. One that runs already is shown instead. */
export async function start({ data, headless = false, window = true, port, env }: StartCommand): Promise<void> {
  const isShown = window && !headless;
  const log = agentLog(data);
  const pages = { allowedOrigins: await allowedOrigins(), ports: port === undefined ? undefined : [port] };
  if (pages.allowedOrigins.length > 0) log(`only these sites may be paired: ${pages.allowedOrigins.join(" ")}`);
  const desktop = openDesktop(env, data);
  const agent = await startAgent({ dataDir: data, headless, log, pages, desktop }).catch(async (error: unknown) => {
    if (!isTransferError(error) || error.code !== "conflict") throw error;
    console.log("naru-agent runs already");
    if (isShown) await showOther(data, env);
  });
  if (agent === undefined) return;
  // Whoever started this waits for this line.
  console.log(`naru-agent ${process.pid} runs`);
  const openWindow = showWhenAsked(agent, { show: (address) => showWindow(address, data, env), isShown, log });
  let quit = (): void => undefined;
  const stopped = new Promise<void>((stop) => {
    quit = stop;
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => stop());
  });
  const { transfers } = agent;
  const { language } = desktop;
  const tray = headless ? undefined : showTray({ env, data, transfers, language, openWindow, quit, log });
  await Promise.race([agent.quit, stopped]);
  log("agent ends");
  // First, since whoever said quit waits for the agent's door to close: then nothing of this program runs any more.
  await (await tray)?.[Symbol.asyncDispose]();
  await agent.close();
}

interface Showing {
  readonly show: (address: string) => Promise<string>;
  /** From the start. */
  readonly isShown: boolean;
  readonly log: (line: string) => void;
}

/** The window comes at the start, when it is asked for, and when a site asks for what only the user may allow. */
function showWhenAsked(agent: Agent, { show, isShown, log }: Showing): () => void {
  const open = (): void => {
    // Without a window everything goes on as it does.
    void agent
      .windowAddress()
      .then(show)
      .then((by) => log(`window shown by ${by}`))
      .catch((error: unknown) => log(whyOf(error)));
  };
  if (isShown) open();
  agent.onShow(open);
  const asked = new Set<string>();
  agent.pages.pairings.onChange(() => {
    const codes = agent.pages.pairings.pending().filter(({ code, allowed }) => code !== "" && !allowed);
    const news = codes.filter(({ code }) => !asked.has(code));
    for (const { code } of news) asked.add(code);
    if (news.length > 0 && !agent.isWindowOpen()) open();
  });
  return open;
}

/** Nobody waits for the icon, and nothing needs it. */
async function showTray(options: Omit<TrayOptions, "program" | "icon"> & TrayPartsOptions): Promise<Tray | undefined> {
  try {
    const parts = await findTrayParts(options);
    return parts && new Tray({ ...options, ...parts });
  } catch (error) {
    options.log(whyOf(error));
    return undefined;
  }
}

async function showOther(data: string, env: DesktopEnv): Promise<void> {
  using other = await ControlClient.connect(controlPath(data));
  if (other !== undefined) await showWindow(await windowAddress(other), data, env);
}

function whyOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
