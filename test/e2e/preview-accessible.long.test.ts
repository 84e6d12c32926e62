import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { look } from "../harness/axe.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPreview, previewFiles } from "../harness/preview-files.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

const looks = [
  { language: "ko", colorScheme: "light", width: 1280 },
  { language: "en", colorScheme: "dark", width: 1280 },
  { language: "ko", colorScheme: "dark", width: 390 },
  { language: "en", colorScheme: "light", width: 390 },
] as const;

test("axe finds no fault in the preview of any kind of file", async () => {
  await using world = await folderWorld();
  await using chromium = await openPages();
  for (const [name, content] of Object.entries(previewFiles)) await writeFile(join(world.kept, name), content);
  const { page } = await ConsolePage.open(await chromium.newPage(), world.origin);
  const found: string[] = [];
  for (const { language, colorScheme, width } of looks) {
    await page.setViewportSize({ width, height: 800 });
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.locator(`button[lang=${language}]`).click();
    for (const [name, ready] of [
      ["photo.png", "img"],
      ["sound.wav", "audio"],
      ["table.csv", "th"],
      ["pack.zip", "bdi"],
      ["notes.txt", "pre"],
      ["program.bin", "[role=alert]"],
    ] as const) {
      await openPreview(page, name, Object.keys(previewFiles));
      await page.locator(`naru-preview ${ready}`).first().waitFor();
      await look(page, `${language}, ${colorScheme}, ${width}: ${name}`, found);
      await page.keyboard.press("Escape");
      await page.locator("naru-preview dialog").waitFor({ state: "detached" });
    }
  }
  expect(found).toEqual([]);
});
