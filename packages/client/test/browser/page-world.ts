import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createServer, type ServedStore, silentLog } from "@naru/server";
import type { BrowserContext, Page } from "playwright-core";
import { inject } from "vitest";
import { openPages } from "../../../../test/harness/shared-chromium.ts";
import "./built-page.ts";
import type { TestPage } from "./page/main.ts";
import type { SinkAsked } from "./page/sink-worker.ts";
import type { SinkAnswer } from "./page-sinks.ts";

declare global {
  var page: TestPage;
  function open(user: string, password: string): Promise<void>;
  function signIn(user: string, password: string): Promise<void>;
  function askSink(asked: SinkAsked): Promise<SinkAnswer>;
}

export const adminPassword = "naru-page-password";

/** A server with the test page, and pages of Chromium. */
export interface PageWorld extends AsyncDisposable {
  readonly dir: string;
  readonly origin: string;
  readonly context: BrowserContext;
  /** A tab, signed in. */
  newTab(): Promise<Page>;
  /** Open the page of a tab anew. */
  reopen(tab: Page): Promise<void>;
}

/** Serve the page over `store`, and open it. */
export async function pageWorld(
  makeStore: (dir: string) => Promise<ServedStore>,
  { bothRoutes }: { readonly bothRoutes?: boolean | undefined } = {},
): Promise<PageWorld> {
  const dir = await mkdtemp(join(tmpdir(), "naru-page-"));
  const publicDir = inject("clientPage");
  const store = await makeStore(dir);
  const http = { host: "127.0.0.1", port: 0, publicDir, bothRoutes };
  const server = await createServer({ store, dataDir: ":memory:", http, logger: silentLog(), adminPassword });
  await server.listen();
  const { origin } = server;
  const pages = await openPages();
  const { context } = pages;
  const reopen = async (tab: Page): Promise<void> => {
    await tab.goto(origin);
    await tab.evaluate((password) => globalThis.open("admin", password), adminPassword);
  };
  return {
    dir,
    origin,
    context,
    reopen,
    newTab: async () => {
      const tab = await context.newPage();
      await reopen(tab);
      return tab;
    },
    [Symbol.asyncDispose]: async () => {
      await pages[Symbol.asyncDispose]();
      await server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
