import { readFile, writeFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld, type World } from "../harness/world.ts";

let world: World;
let chromium: Pages;
let page: ConsolePage;
beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
  page = await ConsolePage.open(await chromium.newPage(), world.origin);
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

async function openHistory(): Promise<void> {
  await page.page.locator("[data-action-all=history]").click();
  await page.page.locator("naru-history [data-history]").first().waitFor();
}

test("what has arrived is still known after a reload, with its checksum, is found by its name and saved as proof", async () => {
  await writeFile(world.file("콘티.txt"), "storyboard");
  await makeFile(world.file("film.bin"), 9 * MiB);
  await page.chooseFiles(world.file("콘티.txt"), world.file("film.bin"));
  await page.waitState("콘티.txt", "done");
  await page.waitState("film.bin", "done");
  await page.page.waitForFunction(async () => {
    const names = await indexedDB.databases();
    return names.some(({ name }) => name === "naru-history");
  });
  await page.page.reload();
  await page.fileInput.waitFor({ state: "attached" });
  await expect
    .poll(async () => {
      await openHistory();
      const found = await page.page.locator("naru-history [data-history]").count();
      if (found < 2) await page.page.keyboard.press("Escape");
      return found;
    })
    .toBe(2);
  const rows = page.page.locator("naru-history [data-history]");
  for (const text of await rows.allTextContents()) expect(text).toMatch(/Sent · Today .*CRC-64 [0-9a-f]{16}/s);

  await page.page.getByRole("searchbox", { name: "Find by name or folder" }).fill("FILM");
  await expect.poll(() => rows.count()).toBe(1);
  const saved = page.page.waitForEvent("download");
  await page.page.locator("[data-action=csv]").click();
  const [, line = "", ...more] = (await readFile(await (await saved).path(), "utf8")).trim().split("\r\n");
  expect(more).toEqual([]);
  expect(line).toMatch(/^\d{4}-.*Z,upload,admin,http:.*,film\.bin,9437184,[0-9a-f]{16},/);
});

test("the history is cleared after a question, and the focus returns to its button", async () => {
  await page.page.locator("[data-action=clear-history]").click();
  await page.page.locator("[data-action=confirm]").click();
  await page.page.getByText("No finished transfer matches.").waitFor();
  await page.page.keyboard.press("Escape");
  await page.page.locator("naru-history").waitFor({ state: "detached" });
  await expect
    .poll(() =>
      page.page.evaluate(() => {
        let at = document.activeElement;
        while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
        return at?.getAttribute("data-action-all");
      }),
    )
    .toBe("history");
});

test("in a narrow window, where no list of transfers stands, the history is reached from the account", async () => {
  const { page: small } = await ConsolePage.open(await chromium.newPage(), world.origin);
  await small.setViewportSize({ width: 390, height: 800 });
  expect(await small.locator("[data-action-all=history]").isVisible()).toBe(false);
  await small.locator("[data-action=account]").click();
  await small.locator("naru-account [data-action=history]").click();
  await small.locator("naru-history dialog[open]").waitFor();
  await small.close();
});
