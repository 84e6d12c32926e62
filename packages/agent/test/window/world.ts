/** An agent with a far side and a window in a real Chromium. */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { openPages, type Pages } from "../../../../test/harness/shared-chromium.ts";
import { type Agent, startAgent } from "../../src/agent.ts";
import type { Desktop } from "../../src/window/desktop.ts";
import { type FarSide, openFarSide } from "../transfers/far-side.ts";

export interface WindowWorld extends AsyncDisposable {
  readonly far: FarSide;
  readonly folder: string;
  agent: Agent;
  /** End the agent and start it on the same data. */
  restart(): Promise<void>;
  /** Open its window, in another browser if given. */
  open(browser?: Pick<Pages, "newPage">): Promise<Page>;
}

export async function openWindowWorld(desktop?: Desktop): Promise<WindowWorld> {
  const folder = await mkdtemp(join(tmpdir(), "naru-window-"));
  await mkdir(join(folder, "files"));
  const far = await openFarSide();
  const pages = await openPages();
  const start = (): Promise<Agent> =>
    startAgent({ dataDir: join(folder, "data"), headless: true, log: () => undefined, pages: { ports: [0] }, desktop });
  const world: WindowWorld = {
    far,
    folder,
    agent: await start(),
    restart: async () => {
      await world.agent.close();
      world.agent = await start();
    },
    open: async (browser = pages) => {
      const page = await browser.newPage();
      await page.goto(await world.agent.windowAddress());
      await page.locator("h1").waitFor();
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await world.agent.close();
      await pages[Symbol.asyncDispose]();
      await far[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}
