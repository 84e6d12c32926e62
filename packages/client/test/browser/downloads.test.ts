import { afterAll, beforeAll, expect, test } from "vitest";
import {
  beginAndHold,
  folderWorld,
  keyOf,
  leave,
  MiB,
  rangeSize,
  rangesAsked,
  saved,
  stored,
  waitState,
} from "./download-world.ts";
import type { PageWorld } from "./page-world.ts";

let world: PageWorld;
beforeAll(async () => {
  world = await folderWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("a large file is fetched by ranges, compared with the server's checksum, and saved by the browser", async () => {
  const sha256 = await stored(world, "받을 파일.bin", 40 * MiB);
  const starts = rangesAsked(world, "받을 파일.bin");
  const tab = await world.newTab();
  const [download] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate(() => page.transfers.download(["받을 파일.bin"])),
  ]);
  expect(download.suggestedFilename()).toBe("받을 파일.bin");
  expect(await saved(download)).toBe(sha256);
  await waitState(tab, "받을 파일.bin", "done");
  const row = await tab.evaluate(() => [...page.rows.values()][0]);
  expect(row).toMatchObject({ direction: "down", confirmed: 40 * MiB, route: "proxy", maySave: true });
  expect(new Set(starts)).toEqual(new Set([0, rangeSize, 2 * rangeSize]));

  const key = await keyOf(tab, "받을 파일.bin");
  const [again] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate((key) => page.transfers.save(key), key),
  ]);
  expect(await saved(again)).toBe(sha256);
  await leave(tab);
});

test("a page that is loaded again resumes by itself, and asks for no range that was kept", async () => {
  const sha256 = await stored(world, "again.bin", 40 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(world, tab, "again.bin");
  const starts = rangesAsked(world, "again.bin");
  const download = tab.waitForEvent("download");
  const opened = world.reopen(tab);
  await letGo();
  await opened;
  await waitState(tab, "again.bin", "done");
  expect(await saved(await download)).toBe(sha256);
  expect(starts).not.toContain(0);
  await leave(tab);
});

test("a pause holds it, and it resumes from where it was", async () => {
  const sha256 = await stored(world, "pause.bin", 40 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(world, tab, "pause.bin");
  const key = await keyOf(tab, "pause.bin");
  await tab.evaluate((key) => page.transfers.pause(key), key);
  await waitState(tab, "pause.bin", "paused");
  expect(await tab.evaluate(() => page.totals?.mayClose)).toBe(true);
  await letGo();
  const starts = rangesAsked(world, "pause.bin");
  const download = tab.waitForEvent("download");
  await tab.evaluate((key) => page.transfers.resume(key), key);
  expect(await saved(await download)).toBe(sha256);
  expect(starts).not.toContain(0);
  await leave(tab);
});

test("of one that is cancelled nothing is left in the browser", async () => {
  await stored(world, "cancel.bin", 40 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(world, tab, "cancel.bin");
  const key = await keyOf(tab, "cancel.bin");
  await tab.evaluate((key) => page.transfers.cancel(key), key);
  await waitState(tab, "cancel.bin", "cancelled");
  const held = await tab.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of (await root.getDirectoryHandle("naru-downloads")).keys()) names.push(name);
    return names;
  });
  expect(held.filter((name) => name.startsWith(key))).toEqual([]);
  await letGo();
  await leave(tab);
});

test("a limit holds for what is received too", async () => {
  await stored(world, "limit.bin", 20 * MiB);
  const tab = await world.newTab();
  const began = performance.now();
  await tab.evaluate(() => page.transfers.setLimit(10 * 1024 * 1024));
  await tab.evaluate(() => page.transfers.download(["limit.bin"]));
  await waitState(tab, "limit.bin", "done");
  expect(performance.now() - began).toBeGreaterThan(1500);
  await tab.evaluate(() => page.transfers.setLimit(undefined));
  await leave(tab);
});

test("a file that changes between two ranges fails with what happened, and starts again when it is told to", async () => {
  await stored(world, "change.bin", 40 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(world, tab, "change.bin");
  const sha256 = await stored(world, "change.bin", 20 * MiB);
  await letGo();
  await waitState(tab, "change.bin", "failed");
  expect(await tab.evaluate(() => [...page.rows.values()].map(({ error }) => error?.code))).toEqual(["file-changed"]);
  const download = tab.waitForEvent("download");
  await tab.evaluate((key) => page.transfers.retry(key), await keyOf(tab, "change.bin"));
  expect(await saved(await download)).toBe(sha256);
  await leave(tab);
});
