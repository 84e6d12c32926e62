import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { heapsOf, longestTask } from "../harness/page-tasks.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { coreSlowness } from "../harness/slowness.ts";
import { folderWorld } from "../harness/world.ts";

/** A person notices 50 ms. The longest is the browser's own collection of garbage, which needs 40 here while other programs share the caches. */
const longestTaskMs = 75;
const pageBytes = 150 * 1024 * 1024;

let world: Awaited<ReturnType<typeof folderWorld>>;
let chromium: Pages;
let page: Page;
beforeAll(async () => {
  world = await folderWorld();
  // What is sent is not what is measured here.
  world.line.fault = ({ url }) => (url.pathname === "/api/batch" ? { kind: "stall", afterBytes: 0 } : undefined);
});
beforeEach(async () => {
  chromium = await openPages();
  ({ page } = await ConsolePage.open(await chromium.newPage(), world.origin));
});
afterEach(() => chromium[Symbol.asyncDispose]());
afterAll(() => world[Symbol.asyncDispose]());

/**
 * Lay so many files of one folder into the page's input, and tell how to choose them. A browser and a disk would need most of a minute to
 * list them, which is no part of the page's work, so that the files are made in the page; their paths are what a browser would tell.
 */
async function manyFiles(count: number): Promise<() => Promise<unknown>> {
  const input = await page.evaluateHandle((count) => {
    const app = document.querySelector("naru-app")?.shadowRoot;
    const input = app?.querySelector("naru-uploader")?.shadowRoot?.querySelector("input[webkitdirectory]");
    if (!(input instanceof HTMLInputElement)) throw new Error("Cannot choose files: the page has no input");
    const files = Array.from({ length: count }, (_, index) => {
      const file = new File(["frame"], `f${String(index).padStart(6, "0")}.dpx`);
      return Object.defineProperty(file, "webkitRelativePath", { value: `frames/${file.name}` });
    });
    return Object.defineProperty(input, "files", { value: files, configurable: true });
  }, count);
  return () => input.evaluate((input) => input.dispatchEvent(new Event("change")));
}

/** Unfold the files that were chosen, look through them, and pause them. */
async function walkAndPause(count: number): Promise<void> {
  await page.locator("#tab-all", { hasText: count.toLocaleString("en") }).waitFor();
  await page.locator("[data-group] [data-action=fold]").click();
  const inner = page.locator('[data-path^="frames/f"]');
  await inner.first().waitFor({ state: "attached" });
  await page.locator("naru-transfers .scroller").evaluate(async (scroller) => {
    for (let step = 1; step <= 20; step += 1) {
      scroller.scrollTop = (scroller.scrollHeight * step) / 20;
      await new Promise(requestAnimationFrame);
    }
  });
  await page.locator(`[aria-posinset="${count + 1}"]`).waitFor({ state: "attached" });
  expect(await inner.count()).toBeLessThan(60);
  await page.locator("[data-action-all=pause]").click();
  await page.locator(`[aria-posinset="${count + 1}"][data-state=paused]`).waitFor({ state: "attached" });
}

test("100,000 files of one folder are queued, shown, unfolded and paused, no task takes long, and little is held in memory", async () => {
  const count = 100_000;
  const choose = await manyFiles(count);
  const longest = await longestTask(page, async () => {
    await choose();
    await walkAndPause(count);
  });
  const heaps = await heapsOf(page);
  expect([...heaps.keys()]).toContain("engine-worker");
  expect([...heaps.values()].reduce((sum, bytes) => sum + bytes)).toBeLessThan(pageBytes);
  expect(longest).toBeLessThan(longestTaskMs * coreSlowness());
});

test("5,000 files of a folder on the disk are queued by the browser's own choosing, and no task takes long", async () => {
  const count = 5000;
  const folder = world.file("frames");
  await mkdir(folder);
  for (let from = 0; from < count; from += 500) {
    const some = Array.from({ length: 500 }, (_, index) => `f${String(from + index).padStart(6, "0")}.dpx`);
    await Promise.all(some.map((name) => writeFile(join(folder, name), "frame")));
  }
  await page.locator("input[webkitdirectory]").setInputFiles(folder);
  const longest = await longestTask(page, () => walkAndPause(count));
  expect(longest).toBeLessThan(longestTaskMs * coreSlowness());
});
