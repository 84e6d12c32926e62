/** The agent, put together. */

import { chmod, mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { openNetwork } from "@naru/client/node";
import { TransferError } from "@naru/core";
import { type CommandsOptions, runCommand } from "./control/commands.ts";
import { openControlDoor } from "./control/control-door.ts";
import { controlPath } from "./control/control-path.ts";
import { isDiskRefusal } from "./full-disk.ts";
import { AgentJournal } from "./journal.ts";
import { mendSettings, readSettings, spoolFolder } from "./settings.ts";
import { openPages, type Pages, type PagesOptions } from "./socket/open-pages.ts";
import { Spools } from "./spool/spools.ts";
import { rememberKey } from "./transfers/known-keys.ts";
import { type OpenStore, openStore } from "./transfers/open-store.ts";
import type { TransferQueue } from "./transfers/transfer-queue.ts";
import { Transfers } from "./transfers/transfers.ts";
import { AgentWindow } from "./window/agent-window.ts";
import type { Desktop } from "./window/desktop.ts";
import { noticeEnds } from "./window/end-notices.ts";

/** How an agent runs. */
export interface AgentOptions {
  /** Everything of this agent: journal, spool, control socket. Made with mode 0700. */
  readonly dataDir: string;
  /** No window. */
  readonly headless: boolean;
  /** One line for each event, with ids, never contents or secrets. */
  readonly log: (line: string) => void;
  /** How pages are heard: ports, and who may ask to be paired. */
  readonly pages?: Pick<PagesOptions, "ports" | "allowedOrigins" | "fetch" | "pickFiles"> | undefined;
  /** What the window may use of this computer; without it there is no picker and no autostart switch. */
  readonly desktop?: Desktop | undefined;
  /** Replaces the ways to the far side, as a test does. */
  readonly openStore?: OpenStore | undefined;
}

/** An agent that runs. */
export interface Agent {
  readonly transfers: TransferQueue;
  /** The paired servers, the pairings that wait for a yes, and the port. */
  readonly pages: Pages;
  /** Resolves when somebody asked the agent to quit. */
  readonly quit: Promise<void>;
  /** Make an address that opens the window once, within a minute. @throws {TransferError} `unavailable` without its page */
  windowAddress(): Promise<string>;
  /** Tell whether a window shows this agent now. */
  isWindowOpen(): boolean;
  /** Call `listener` when somebody wants to see the window. */
  onShow(listener: () => void): void;
  /** Stop sending, keep everything for the next start, close what is open. */
  close(): Promise<void>;
}

/** Start the agent of a data folder. @throws {TransferError} `conflict` when it is running already, `no-space` */
export async function startAgent(options: AgentOptions): Promise<Agent> {
  const dataDir = resolve(options.dataDir);
  const closers: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed()) await closer();
  };
  try {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    await chmod(dataDir, 0o700);
    return await open({ ...options, dataDir }, closers, close);
  } catch (cause) {
    await close();
    if (!isDiskRefusal(cause)) throw cause;
    throw new TransferError("no-space", `Cannot start the agent: the disk of "${dataDir}" is full`, { cause });
  }
}

async function open(
  { dataDir, headless, log, pages: heard, desktop, openStore: toStore = openStore }: AgentOptions,
  closers: (() => Promise<void> | void)[],
  close: () => Promise<void>,
): Promise<Agent> {
  const journal = new AgentJournal(join(dataDir, "agent.db"));
  closers.push(() => journal[Symbol.dispose]());
  mendSettings(journal, log);
  const settings = readSettings(journal);
  const folder = spoolFolder(dataDir, settings);
  const spools = await Spools.open({ folder, home: join(dataDir, "spool"), journal, log, limit: settings.spoolLimit });
  closers.push(() => spools.close());
  const onTrusted = rememberKey.bind(undefined, journal);
  const transfers = await Transfers.open({
    journal,
    spools,
    log,
    openStore: (to, options) => toStore(to, { ...options, onTrusted }),
  });
  closers.push(() => transfers.close());
  if (desktop !== undefined) closers.push(noticeEnds(transfers, desktop));

  let askToQuit = (): void => undefined;
  const quit = new Promise<void>((done) => {
    askToQuit = done;
  });
  const shows = new Set<() => void>();
  const show = (): void => {
    for (const listener of shows) listener();
  };
  const network = openNetwork({ connections: 8 });
  closers.push(async () => network[Symbol.asyncDispose]());
  const pickFiles = headless ? undefined : desktop?.pickFiles;
  const pages = await openPages({ dataDir, queue: transfers, log, fetch: network.fetch, pickFiles, ...heard });
  closers.push(async () => pages[Symbol.asyncDispose]());
  const window = new AgentWindow(desktop, { log });
  closers.push(() => window[Symbol.asyncDispose]());
  const windowAddress = (): Promise<string> => window.address(commands);
  const commands: CommandsOptions = {
    dataDir,
    transfers,
    spools,
    journal,
    pages,
    quit: askToQuit,
    show,
    windowAddress,
  };
  const door = await openControlDoor({
    path: controlPath(dataDir),
    handle: (command, connection) => runCommand(command, connection, commands),
    log,
  });
  closers.push(async () => door[Symbol.asyncDispose]());

  log(`agent ${process.pid} runs in ${dataDir}`);
  const isWindowOpen = (): boolean => window.isOpen;
  return { transfers, pages, quit, windowAddress, isWindowOpen, onShow: (listener) => void shows.add(listener), close };
}
