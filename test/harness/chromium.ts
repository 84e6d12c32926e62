/**
 * A real Chromium as its own process: it can be killed as the power would, and started again on the same profile.
 * Playwright speaks to it over CDP.
 */

import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { needs } from "../peers/needs.ts";
import type { Display } from "./display.ts";
import { Program } from "./program.ts";

needs("chromium");

export const executable = "/usr/bin/chromium";

/** How long pages wait for what a test looks for: as all limits for what hangs, long enough for a slow machine. */
export const waitMs = 180_000;

export const quiet: readonly string[] = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--no-default-browser-check",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--hide-crash-restore-bubble",
  "--password-store=basic",
  // Several tabs of one test all work as if each were in front.
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

export interface ChromiumOptions {
  /** The profile's folder; what is in it survives. */
  readonly profile: string;
  /** A display for a real window; without one it is headless. */
  readonly display?: Display;
  readonly language?: string;
}

/** Start Chromium on a profile. */
export async function startChromium(options: ChromiumOptions): Promise<Chromium> {
  const { profile, display, language = "en-US" } = options;
  await refusePasswords(profile);
  const args = [
    ...quiet,
    ...(display ? ["--window-position=0,0"] : ["--headless"]),
    "--window-size=1200,900",
    `--accept-lang=${language}`,
    `--user-data-dir=${profile}`,
    "--remote-debugging-port=0",
    "about:blank",
  ];
  const program = new Program(executable, args, { env: display ? { DISPLAY: display.name } : {} });
  try {
    const [, url = ""] = await program.printed(/DevTools listening on (ws:\S+)/);
    const browser = await chromium.connectOverCDP(url, { isLocal: true });
    for (const context of browser.contexts()) context.setDefaultTimeout(waitMs);
    return new Chromium(program, browser);
  } catch (error) {
    await program.kill("SIGKILL");
    throw error;
  }
}

/** Its question whether to save a password would stand over others, and take their keys. */
async function refusePasswords(profile: string): Promise<void> {
  await mkdir(join(profile, "Default"), { recursive: true });
  const preferences = { credentials_enable_service: false, profile: { password_manager_enabled: false } };
  await writeFile(join(profile, "Default", "Preferences"), JSON.stringify(preferences), { flag: "wx" }).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw error;
    },
  );
}

export class Chromium implements AsyncDisposable {
  readonly #program: Program;
  readonly #browser: Browser;

  constructor(program: Program, browser: Browser) {
    this.#program = program;
    this.#browser = browser;
  }

  get context(): BrowserContext {
    const [context] = this.#browser.contexts();
    if (!context) throw new Error("Cannot use Chromium: it has no window");
    return context;
  }

  async newPage(): Promise<Page> {
    return this.context.newPage();
  }

  /** End it at once, with everything it had in memory. */
  async kill(): Promise<void> {
    const gone = this.#browser.isConnected() ? once(this.#browser as never, "disconnected") : Promise.resolve();
    await this.#program.kill("SIGKILL");
    await gone;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program.kill("SIGKILL");
  }
}
