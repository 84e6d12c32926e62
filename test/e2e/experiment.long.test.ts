import { readFile, writeFile } from "node:fs/promises";
import { decodeExperiment, type Experiment } from "@naru/core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { look } from "../harness/axe.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { naru } from "../harness/naru-command.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";

const MiB = 1024 ** 2;

let world: BucketWorld;
let chromium: Pages;
beforeAll(async () => {
  world = await bucketWorld();
  chromium = await openPages();
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

interface Look {
  readonly language: "en" | "ko";
  readonly colorScheme: "dark" | "light";
  readonly width: number;
}

async function openPanel(
  { language, colorScheme, width }: Look,
  origin: string = world.origin,
): Promise<{ page: Page; said: string[] }> {
  const page = await chromium.newPage();
  const said: string[] = [];
  page.on("console", (message) => said.push(...(message.type() === "error" ? [message.text()] : [])));
  page.on("pageerror", (error) => said.push(error.message));
  await page.setViewportSize({ width, height: 900 });
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.addInitScript((chosen) => localStorage.setItem("naru-language", chosen), language);
  await ConsolePage.open(page, origin);
  said.length = 0;
  await page.locator("[data-action=account]").click();
  await page.locator("naru-account [data-action=experiment]").click();
  await page.locator("naru-experiment dialog[open]").waitFor();
  return { page, said };
}

/** Choose one size, and so many rounds. */
async function wish(page: Page, size: number, rounds: number): Promise<void> {
  for (const box of await page.locator("naru-experiment [name=size]").all())
    await box.setChecked((await box.getAttribute("value")) === String(size));
  await page.locator("naru-experiment [name=rounds]").fill(String(rounds));
}

async function measured(page: Page): Promise<void> {
  await wish(page, 1, 1);
  await page.locator("naru-experiment [data-action=start]").press("Enter");
  await page.locator("naru-experiment [data-action=stop]").waitFor();
  await page.locator("naru-experiment [data-action=save-report]").waitFor();
  await page.locator("naru-experiment [data-action=start]").waitFor();
}

async function saved(page: Page, action: string): Promise<string> {
  const download = page.waitForEvent("download");
  await page.locator(`naru-experiment [data-action=${action}]`).click();
  return (await download).path();
}

/** What is left at the server: files, folders, unfinished uploads. The store's own mark of an upload may outlive it: `naru janitor`. */
async function left(): Promise<readonly string[]> {
  const listed = await naru(world.origin, ["ls", "--all"], world.dir);
  const unfinished = await naru(world.origin, ["uploads"], world.dir);
  const keys = (await world.bucket.keys()).filter((key) => !key.startsWith(".naru/uploads/"));
  return [...keys, listed.stdout, unfinished.stdout].filter((text) => text.trim() !== "");
}

const ofBench: Experiment = {
  version: "1",
  began: "2026-11-30T09:00:00.000Z",
  server: "https://files.example.com",
  computers: [{ place: "command-line", program: "naru 1.0.0, Node 24.1.0", system: "Linux 6.1", cpus: 2 }],
  left: [],
  runs: (["plain", "sftp"] as const).map((way) => ({
    way,
    place: "command-line",
    direction: "up",
    files: 1,
    size: MiB,
    parallel: 1,
    round: 1,
    seconds: way === "plain" ? 1 : 2,
  })),
};

const looks: readonly Look[] = [
  { language: "ko", colorScheme: "light", width: 1280 },
  { language: "en", colorScheme: "dark", width: 1280 },
  { language: "ko", colorScheme: "dark", width: 390 },
  { language: "en", colorScheme: "light", width: 390 },
];

for (const wanted of looks) {
  test(`an administrator measures the ways of this browser: ${Object.values(wanted).join(", ")}`, async () => {
    const { page, said } = await openPanel(wanted);
    const found: string[] = [];
    await look(page, "before", found);
    await measured(page);
    const way = page.locator("naru-experiment tr[data-way]");
    const ways = await way.evaluateAll((rows) => rows.map((row) => row.getAttribute("data-way")));
    expect(ways).toEqual(["plain", "direct", "proxy", "plain", "direct", "proxy"]);
    expect(await page.locator("naru-experiment .advice").count()).toBe(1);
    await look(page, "measured", found);
    expect(found).toEqual([]);
    expect(said).toEqual([]);
    expect(await left()).toEqual([]);
    await page.keyboard.press("Escape");
    await page.locator("naru-experiment").waitFor({ state: "detached" });
    expect(await page.evaluate(filesOfPage)).not.toContain("naru-bench");
    await page.close();
  });
}

test("what the browser measured is saved, and stands in one report beside what naru bench did", async () => {
  const { page, said } = await openPanel({ language: "en", colorScheme: "light", width: 1280 });
  await measured(page);
  const { runs, left } = decodeExperiment(JSON.parse(await readFile(await saved(page, "save-figures"), "utf8")));
  expect(runs.map(({ failure }) => failure)).toEqual(Array(6).fill(undefined));
  expect(runs.map(({ bytesCarried, place }) => [bytesCarried, place])).toEqual(Array(6).fill([MiB, "browser"]));
  expect(left.map(({ way }) => way)).toEqual(["agent"]);

  const files = page.locator("naru-experiment input[type=file]");
  const [figures, other] = [world.file("bench.json"), world.file("other.json")];
  await writeFile(other, "{}");
  await files.setInputFiles(other);
  await page.locator("naru-experiment [role=alert]").waitFor();
  await writeFile(figures, JSON.stringify(ofBench));
  await files.setInputFiles(figures);
  await page.locator("naru-experiment tr[data-place=command-line][data-way=sftp]").waitFor();
  expect(await page.locator("naru-experiment [role=status]").textContent()).toContain(ofBench.server);
  expect(await page.locator("naru-experiment [role=alert]").count()).toBe(0);

  const report = world.file("report.html");
  await writeFile(report, await readFile(await saved(page, "save-report")));
  const reader = await chromium.newPage();
  reader.on("console", (message) => said.push(message.text()));
  reader.on("pageerror", (error) => said.push(error.message));
  await reader.goto(`file://${report}`);
  const words = await reader.getByRole("main").ariaSnapshot();
  expect(words).toContain("SFTP");
  expect(words).toContain("through the server (browser)");
  expect(words).toMatch(/Browser: Here, send files/);
  expect(said).toEqual([]);
});

test("where the store does not admit the page, the plain request goes through the server, and it says what is left out", async () => {
  await using closed = await bucketWorld({ cors: false });
  const { page } = await openPanel({ language: "en", colorScheme: "light", width: 1280 }, closed.origin);
  await measured(page);
  const { runs, left } = decodeExperiment(JSON.parse(await readFile(await saved(page, "save-figures"), "utf8")));
  expect(runs.map(({ way, failure }) => [way, failure])).toEqual(
    ["proxy", "plain", "proxy", "plain"].map((way) => [way, undefined]),
  );
  expect(left[0]).toEqual({ place: "browser", way: "direct", why: "The store does not admit this page (CORS)." });
  expect((await closed.bucket.keys()).filter((key) => key.startsWith("naru-bench"))).toEqual([]);
});

test("an experiment that is stopped keeps the figures until then, and leaves nothing behind", async () => {
  const { page } = await openPanel({ language: "en", colorScheme: "light", width: 1280 });
  await wish(page, 1, 100);
  await page.locator("naru-experiment [data-action=start]").click();
  await page.getByText(/Round 2 of 100/).waitFor();
  await page.locator("naru-experiment [data-action=stop]").press("Enter");
  await page.locator("naru-experiment [data-action=start]").waitFor();
  expect(await page.locator("naru-experiment [role=status]").textContent()).toContain("Stopped");
  expect(await page.locator("naru-experiment tr[data-way=direct]").count()).toBeGreaterThan(0);
  expect(await page.locator("naru-experiment [role=alert]").count()).toBe(0);
  expect(await left()).toEqual([]);
});

test("what a page that was killed has left behind is named, and removed when told", async () => {
  const wanted = { language: "en", colorScheme: "light", width: 1280 } as const;
  const { page } = await openPanel(wanted);
  await wish(page, 1, 100);
  await page.locator("naru-experiment [data-action=start]").click();
  await page.getByText(/Round 2 of 100/).waitFor();
  const crashed = page.waitForEvent("crash");
  await Promise.all([crashed, page.goto("chrome://crash").catch(() => undefined)]);
  const { page: again } = await openPanel(wanted);
  const remove = again.locator("naru-experiment [data-action=remove-left]");
  expect(await remove.getAttribute("aria-label")).toMatch(/^Remove naru-bench-/);
  expect(await left()).not.toEqual([]);
  await remove.press("Enter");
  await remove.waitFor({ state: "detached" });
  expect(await left()).toEqual([]);
});

/** Names in the browser's own file system. */
async function filesOfPage(): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const name of (await navigator.storage.getDirectory()).keys()) names.push(name);
  return names;
}
