import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CDPSession } from "playwright-core";
import { expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { slowness } from "../harness/slowness.ts";
import { folderWorld } from "../harness/world.ts";

const count = 100_000;
/** What a person notices is 50 ms; three times that, since the clock also counts what other programs do meanwhile. */
const longestTaskMs = 3 * 50;
const pageBytes = 150 * 1024 * 1024;

/** The script heap of the page, without what could be thrown away. */
async function heapOf(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  return (await session.send("Runtime.getHeapUsage")).usedSize;
}

test("100,000 files of one folder are queued, shown, unfolded and paused, and the page never stops", async () => {
  const slowBefore = slowness();
  await using world = await folderWorld();
  const folder = world.file("frames");
  await mkdir(folder);
  for (let from = 0; from < count; from += 1000) {
    const some = Array.from({ length: 1000 }, (_, index) => `f${String(from + index).padStart(6, "0")}.dpx`);
    await Promise.all(some.map((name) => writeFile(join(folder, name), "frame")));
  }
  await using chromium = await openPages();
  const { page } = await ConsolePage.open(await chromium.newPage(), world.origin);
  // What is sent is not what is measured here.
  world.line.fault = ({ url }) => (url.pathname === "/api/batch" ? { kind: "stall", afterBytes: 0 } : undefined);
  await page.locator("input[webkitdirectory]").setInputFiles(folder);
  // The browser itself stops for the list of what was chosen; what is measured begins with the page's part.
  await page.locator("[data-group]").waitFor();
  await page.evaluate(() => {
    const dataset = document.documentElement.dataset;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) {
        if (duration > Number(dataset["longest"] ?? 0)) dataset["longest"] = String(duration);
      }
    }).observe({ type: "longtask" });
  });
  await page.locator("#tab-all", { hasText: "100,000" }).waitFor();
  const row = page.locator("[data-group]");
  await row.locator("[data-action=fold]").click();
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
  expect(await heapOf(await page.context().newCDPSession(page))).toBeLessThan(pageBytes);
  const longest = await page.evaluate(() => Number(document.documentElement.dataset["longest"] ?? 0));
  expect(longest).toBeLessThan(longestTaskMs * Math.max(slowBefore, slowness()));
});
