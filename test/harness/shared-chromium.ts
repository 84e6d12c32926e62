/**
 * One Chromium for all tests of a process, for those that neither kill it nor need its profile afterwards. The project `e2e`
 * keeps its processes from file to file, so a run starts as many as it has of those.
 */

import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { needs } from "../peers/needs.ts";
import { executable, quiet, waitMs } from "./chromium.ts";

needs("chromium");

export interface ContextOptions {
  readonly language?: string;
}

/** Pages that share cookies and storage with each other and with nothing else. */
export interface Pages extends AsyncDisposable {
  readonly context: BrowserContext;
  newPage(): Promise<Page>;
}

let shared: Promise<Browser> | undefined;

/** Open pages as in a profile that nobody has used. */
export async function openPages({ language = "en-US" }: ContextOptions = {}): Promise<Pages> {
  shared ??= launch();
  const browser = await shared;
  const context = await browser.newContext({ locale: language, viewport: { width: 1200, height: 900 } });
  context.setDefaultTimeout(waitMs);
  return {
    context,
    newPage: () => context.newPage(),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

function launch(): Promise<Browser> {
  // Vitest ends its processes by this signal; at an exit Playwright takes the browser and its profile along.
  process.once("SIGTERM", () => process.exit());
  return chromium.launch({ executablePath: executable, args: [...quiet] });
}
