import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { type Demo, serveDemo } from "../harness/demo-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

let demo: Demo;
let chromium: Pages;
beforeAll(async () => {
  demo = await serveDemo();
  chromium = await openPages();
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await demo[Symbol.asyncDispose]();
});

async function open(state: string): Promise<Page> {
  const page = await chromium.newPage();
  await page.goto(demo.address(state));
  await page.locator("naru-transfers [data-key]").first().waitFor();
  return page;
}

function group(page: Page, id: string): Locator {
  return page.locator(`[data-group="${id}"]`);
}

/** What the page says aloud. */
function said(page: Page): Locator {
  return page.locator("naru-transfers section > [role=status]");
}

/** The groups and rows that are shown, from the top. */
function shown(page: Page): Promise<string[]> {
  return page
    .locator("naru-transfers [data-key]")
    .evaluateAll((rows) =>
      rows
        .toSorted((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
        .map((row) => row.querySelector(".name")?.textContent ?? ""),
    );
}

test("files of one drop are one row with a sum, which unfolds, and is acted on as one", async () => {
  const page = await open("groups");
  const many = group(page, "A카메라");
  await expect
    .poll(() => many.textContent())
    .toMatch(/12,430 files · 2 files need you · 161 of 622 GB · 3,214 arrived/);
  expect(await page.locator('[data-path^="2026-11 한강/A카메라/A카메라_"]').count()).toBe(0);
  await many.getByRole("button", { name: "Show the files of A카메라" }).press("Enter");
  await page.locator('[data-path="2026-11 한강/A카메라/A카메라_000000.dpx"]').waitFor();
  expect(await many.getByRole("button", { name: "Hide the files of A카메라" }).getAttribute("aria-expanded")).toBe(
    "true",
  );
  expect(await page.locator("naru-transfers [data-key]").count()).toBeLessThan(40);
  expect(await many.getByRole("progressbar", { name: "A카메라, upload" }).getAttribute("aria-valuetext")).toMatch(
    /^25 percent, 12,430 files/,
  );

  await many.locator("[data-action=retry]").click();
  await expect.poll(() => many.textContent()).not.toContain("need you");
  await many.locator("[data-action=pause]").click();
  await expect.poll(() => many.getAttribute("data-group-state")).toBe("paused");
  await many.locator("[data-action=cancel]").click();
  await page.getByRole("alertdialog", { name: "Cancel “A카메라”?" }).waitFor();
  await page.keyboard.press("Escape");
  expect(await many.locator('a[data-action="open-folder"]').getAttribute("href")).toBe(
    `#/${encodeURIComponent("2026-11 한강")}/`,
  );
  await page.close();
});

test("what waits is moved in the queue by a menu from the keyboard, and by dragging", async () => {
  const page = await open("groups");
  await group(page, "소리").locator("[data-action=fold]").click();
  const order = async (): Promise<string[]> =>
    (await shown(page)).filter((name) => name === "사진" || name.startsWith("콘티"));
  await expect.poll(order).toEqual(["사진", "콘티 최종 (4).pdf"]);
  await page.locator('[data-path$="콘티 최종 (4).pdf"] [data-action=menu]').press("Enter");
  await page.getByRole("menuitem", { name: "To the top" }).waitFor();
  await expect
    .poll(() => page.locator("naru-transfers").evaluate((host) => host.shadowRoot?.activeElement?.textContent))
    .toBe("To the top");
  await page.keyboard.press("Enter");
  await expect.poll(order).toEqual(["콘티 최종 (4).pdf", "사진"]);
  await expect.poll(() => said(page).textContent()).toBe("콘티 최종 (4).pdf is number 1 of 4 in the queue");
  await group(page, "사진")
    .locator(".name")
    .dragTo(page.locator('[data-path$="콘티 최종 (4).pdf"] .name'), { targetPosition: { x: 20, y: 1 } });
  await expect.poll(order).toEqual(["사진", "콘티 최종 (4).pdf"]);
  await page.close();
});

test("unfinished uploads of an earlier visit are shown with their amount, and discarded only after a question", async () => {
  const page = await open("back");
  const notice = page.locator("[data-unfinished]");
  await notice.getByText("2 unfinished uploads, 18.0 of 40.0 GB.").waitFor();
  await notice.getByRole("button", { name: "Discard" }).click();
  await page.getByRole("alertdialog", { name: "Discard 2 unfinished uploads?" }).waitFor();
  await page.locator("[data-action=confirm]").click();
  await notice.waitFor({ state: "detached" });
  await page.close();
});

test("choosing a folder once more continues all unfinished uploads of it, wherever the page is", async () => {
  await using world = await folderWorld();
  const folder = world.file("촬영");
  await mkdir(folder);
  const names = ["a.mov", "b.mov"];
  for (const name of names) await makeFile(join(folder, name), 24 * MiB);
  const first = await ConsolePage.open(await chromium.newPage(), world.origin);
  // Of each file one part arrives before the page goes.
  world.line.fault = ({ part = 1 }) => (part > 1 ? { kind: "stall", afterBytes: 0 } : undefined);
  await first.page.locator("input[webkitdirectory]").setInputFiles(folder);
  for (const name of names) await first.waitConfirmed(`촬영/${name}`, 0);
  await first.page.goto("about:blank");
  const again = await ConsolePage.open(first.page, world.origin);
  await again.page.locator("[data-unfinished='2']").waitFor();
  await again.openFolder("elsewhere/");
  world.line.fault = () => undefined;
  const chooser = again.page.waitForEvent("filechooser");
  await again.page.locator("[data-action-all=choose-folder]").click();
  await (await chooser).setFiles(folder);
  for (const name of names) await again.waitState(`촬영/${name}`, "done");
  await expect.poll(() => said(again.page).textContent()).toMatch(/2 files|arrived/);
  for (const name of names)
    expect(await sha256File(join(world.kept, "촬영", name))).toBe(await sha256File(join(folder, name)));
  await first.page.close();
});
