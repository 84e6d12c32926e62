/**
 * The pictures of `docs/pictures.md`, `docs/pictures.ko.md` and the READMEs: `npm run pictures` takes them again into `docs/images`, in
 * both languages or the one that is named, from a real server and, for long lists of transfers, from the demo of the elements.
 */

import { mkdir, open, truncate, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Page } from "playwright-core";
import { ConsolePage } from "../harness/console-page.ts";
import { serveDemo } from "../harness/demo-page.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

const MB = 1_000_000;
const images = new URL("../../docs/images/", import.meta.url).pathname;

interface Scene {
  readonly folder: string;
  readonly files: Readonly<Record<string, number>>;
  readonly sent: string;
  readonly found: string;
}

const scenes = {
  en: {
    folder: "Footage/2026-11 Han river/",
    files: {
      "Camera A/A_0001.mxf": 40 * MB,
      "Camera B/B_0001.mxf": 30 * MB,
      "drone_2.mov": 640 * MB,
      "drone_10.mov": 182 * MB,
      "grading_LUT.zip": 64 * MB,
      "interview_main.wav": 90 * MB,
      "storyboard final (3).pdf": 18 * MB,
    },
    sent: "A_cam_0198.mxf",
    found: "drone",
  },
  ko: {
    folder: "촬영/2026-11 한강/",
    files: {
      "A카메라/A_0001.mxf": 40 * MB,
      "B카메라/B_0001.mxf": 30 * MB,
      "드론_2.mov": 640 * MB,
      "드론_10.mov": 182 * MB,
      "색보정_LUT.zip": 64 * MB,
      "인터뷰_본편.wav": 90 * MB,
      "콘티 최종 (3).pdf": 18 * MB,
    },
    sent: "A_cam_0198.mxf",
    found: "드론",
  },
} satisfies Readonly<Record<string, Scene>>;

/** A file of a size, without its bytes. */
async function layFile(path: string, size: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await (await open(path, "w")).close();
  await truncate(path, size);
  const time = new Date("2026-11-20T06:00:00Z");
  await utimes(path, time, time);
}

async function takeAll(language: "en" | "ko"): Promise<void> {
  const { files, folder, found, sent }: Scene = scenes[language];
  await using world = await folderWorld();
  await using demo = await serveDemo();
  await using pages = await openPages({ language: language === "ko" ? "ko-KR" : "en-US" });
  pages.context.setDefaultTimeout(60_000);
  for (const [name, size] of Object.entries(files)) await layFile(join(world.kept, folder, name), size);
  await layFile(world.file(sent), 300 * MB);
  const page = await pages.newPage();
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
  await page.setViewportSize({ width: 1280, height: 800 });
  const take = async (name: string): Promise<void> => {
    await page.screenshot({ path: `${images}${name}-${language}.png` });
    console.log(`${name}-${language}.png`);
  };
  const console_ = await ConsolePage.open(page, world.origin);
  await console_.openFolder(folder);
  const rows = page.locator("tr[data-row]");
  const [first = ""] = Object.keys(files).filter((name) => name.endsWith(".mov"));
  const row = page.locator(`tr[data-row="${folder}${first}"]`);

  world.line.bytesPerSecond = 12 * MB;
  await console_.chooseFiles(world.file(sent));
  await console_.waitConfirmed(folder + sent, 60 * MB);
  await take("page");

  await row.press("Control+ ");
  await row.press("Shift+ArrowDown");
  await row.press("Shift+F10");
  await page.locator("[role=menuitem]:focus").waitFor();
  await take("menu");
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");

  await row.press("Shift+F10");
  await page.locator("[role=menuitem][data-command=details]").click();
  await page.locator("naru-details dt").nth(4).waitFor();
  await take("details");
  await closeDialog(page);

  await console_.askDownload([
    folder + first,
    `${folder}Camera A/`.replace("Camera A", language === "ko" ? "A카메라" : "Camera A"),
  ]);
  await page.locator("naru-downloads dialog[open]").waitFor();
  await take("download");
  await closeDialog(page);

  const [, second = ""] = Object.keys(files).filter((name) => name.endsWith(".mov"));
  await layFile(world.file(second), 200 * MB);
  await console_.chooseFiles(world.file(second));
  await page.locator("naru-pre-flight dialog[open]").waitFor();
  await take("question");
  await closeDialog(page);

  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await console_.waitState(folder + sent, "done");
  // While something is chosen its toolbar stands in the place of the search.
  await row.press("Escape");
  await page.getByRole("searchbox").fill(found);
  await rows.nth(1).waitFor();
  await take("search");
  await page.getByRole("searchbox").fill("");

  await row.press("Delete");
  await page.locator("[data-role=toast] [data-action=undo]").waitFor();
  await page.locator("[data-action=bin]").click();
  await page.locator("[data-bin]").first().waitFor();
  await take("bin");
  await closeDialog(page);

  await page.locator("[data-action-all=history]").click();
  await page.locator("naru-history dialog[open] li").first().waitFor();
  await take("history");
  await closeDialog(page);

  await page.setViewportSize({ width: 390, height: 800 });
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "dark" });
  await page.reload();
  await rows.first().waitFor();
  await take("phone");

  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ reducedMotion: "reduce", colorScheme: "light" });
  for (const [state, shown] of Object.entries({ groups: "[data-group]", back: "[data-unfinished]" })) {
    await page.goto(demo.address(state));
    await page.locator(shown).first().waitFor();
    await take(state);
  }
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
}

const [, , only] = process.argv;
for (const language of ["en", "ko"] as const) if (only === undefined || only === language) await takeAll(language);
// The browser is shared, and nothing else ends it.
process.exit();
