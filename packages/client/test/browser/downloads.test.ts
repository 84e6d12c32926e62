import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@naru/server";
import type { Download, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type PageWorld, pageWorld } from "./page-world.ts";

const MiB = 1024 * 1024;
const rangeSize = 16 * MiB;

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld(async (dir) => fileStore(join(dir, "kept")));
});
afterAll(() => world[Symbol.asyncDispose]());

/** Put a file into the store, as another program would. */
async function stored(name: string, size: number): Promise<string> {
  const file = join(world.dir, "kept", name);
  await mkdir(join(file, ".."), { recursive: true });
  const bytes = randomBytes(size);
  await writeFile(file, bytes);
  return sha256Of(bytes);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function saved(download: Download): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(await download.path())) hash.update(chunk);
  return hash.digest("hex");
}

async function waitState(tab: Page, name: string, state: string): Promise<void> {
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

async function keyOf(tab: Page, name: string): Promise<string> {
  return tab.evaluate((name) => [...page.rows.values()].find((row) => row.name === name)?.key ?? "", name);
}

/** The ranges that pages ask for, as their first bytes. */
function rangesAsked(name: string): number[] {
  const starts: number[] = [];
  world.context.on("request", (request) => {
    if (!request.url().includes(`/api/files/${encodeURIComponent(name)}`)) return;
    const range = /bytes=(\d+)-/.exec(request.headers()["range"] ?? "");
    if (range) starts.push(Number(range[1]));
  });
  return starts;
}

test("a large file is fetched by ranges, compared with the server's checksum, and saved by the browser", async () => {
  const sha256 = await stored("받을 파일.bin", 40 * MiB);
  const starts = rangesAsked("받을 파일.bin");
  const tab = await world.newTab();
  const [download] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate(() => page.transfers.download(["받을 파일.bin"])),
  ]);
  expect(download.suggestedFilename()).toBe("받을 파일.bin");
  expect(await saved(download)).toBe(sha256);
  await waitState(tab, "받을 파일.bin", "done");
  const [row] = await tab.evaluate(() => [...page.rows.values()]);
  expect(row).toMatchObject({ direction: "down", confirmed: 40 * MiB, route: "proxy", maySave: true });
  expect(new Set(starts)).toEqual(new Set([0, rangeSize, 2 * rangeSize]));

  const key = await keyOf(tab, "받을 파일.bin");
  const [again] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate((key) => page.transfers.save(key), key),
  ]);
  expect(await saved(again)).toBe(sha256);
  await tab.close();
});
