/** What tests of downloads share: files in the store, and the rows of a page. */

import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@naru/server";
import type { Download, Page, Route } from "playwright-core";
import { type PageWorld, pageWorld } from "./page-world.ts";

export const MiB: number = 1024 * 1024;
export const rangeSize: number = 16 * MiB;

/** A page over a folder of files. */
export function folderWorld(): Promise<PageWorld> {
  return pageWorld(async (dir) => fileStore(join(dir, "kept")));
}

/** Put a file into the store, as another program would. */
export async function stored(world: PageWorld, name: string, size: number): Promise<string> {
  const file = join(world.dir, "kept", name);
  await mkdir(join(file, ".."), { recursive: true });
  const bytes = randomBytes(size);
  await writeFile(file, bytes);
  return sha256Of(bytes);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

export async function saved(download: Download): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(await download.path())) hash.update(chunk);
  return hash.digest("hex");
}

export async function waitState(tab: Page, name: string, state: string): Promise<void> {
  await tab
    .waitForFunction(
      ([name, state]) => [...page.rows.values()].some((row) => row.name === name && row.state === state),
      [name, state] as const,
    )
    .catch(async (cause: unknown) => {
      const rows = await tab.evaluate(() => JSON.stringify([...page.rows.values()]));
      throw new Error(`"${name}" is not ${state}: ${rows}`, { cause });
    });
}

export async function keyOf(tab: Page, name: string): Promise<string> {
  return tab.evaluate((name) => [...page.rows.values()].find((row) => row.name === name)?.key ?? "", name);
}

/** Close a tab, and let the next test begin with an empty list. */
export async function leave(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    for (const { key } of page.rows.values()) await page.transfers.cancel(key);
    page.transfers.clear();
  });
  await tab.waitForFunction(() => page.rows.size === 0);
  await tab.close();
}

/** The ranges that pages ask for, as their first bytes. */
export function rangesAsked(world: PageWorld, name: string): number[] {
  const starts: number[] = [];
  world.context.on("request", (request) => {
    if (!request.url().includes(`/api/files/${encodeURIComponent(name)}`)) return;
    const range = /bytes=(\d+)-/.exec(request.headers()["range"] ?? "");
    if (range) starts.push(Number(range[1]));
  });
  return starts;
}

/** Hold what is asked for from this byte of a file on, until it is let go. */
async function holdFrom(world: PageWorld, name: string, first: number): Promise<() => Promise<void>> {
  const held: Route[] = [];
  const isHeld = (url: URL): boolean => url.pathname.endsWith(`/api/files/${name}`);
  await world.context.route(isHeld, async (route) => {
    const [, start = "0"] = /bytes=(\d+)-/.exec(route.request().headers()["range"] ?? "") ?? [];
    if (Number(start) < first) await route.continue();
    else held.push(route);
  });
  return async () => {
    await world.context.unroute(isHeld);
    // Some are asked for no more.
    for (const route of held) await route.continue().catch(() => undefined);
  };
}

/** Begin a download of 40 MiB, of which only the first range comes. */
export async function beginAndHold(world: PageWorld, tab: Page, name: string): Promise<() => Promise<void>> {
  const letGo = await holdFrom(world, name, rangeSize);
  await tab.evaluate((name) => page.transfers.download([name]), name);
  await tab.waitForFunction((kept) => [...page.rows.values()].some((row) => row.confirmed === kept), rangeSize);
  return letGo;
}
