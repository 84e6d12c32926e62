import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { type Demo, serveDemo } from "../harness/demo-page.ts";
import { openPreview, previewFiles } from "../harness/preview-files.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

const axe = readFile(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let stack: AsyncDisposableStack;
let world: Awaited<ReturnType<typeof folderWorld>>;
let demo: Demo;
let chromium: Pages;
beforeAll(async () => {
  stack = new AsyncDisposableStack();
  world = stack.use(await folderWorld());
  demo = stack.use(await serveDemo());
  chromium = stack.use(await openPages());
});
afterAll(() => stack.disposeAsync());

/** How the page looks: every pair of a language, a theme and a width is among them. */
const looks = [
  { language: "ko", colorScheme: "light", width: 1280 },
  { language: "en", colorScheme: "dark", width: 1280 },
  { language: "ko", colorScheme: "dark", width: 390 },
  { language: "en", colorScheme: "light", width: 390 },
] as const;
type Look = (typeof looks)[number];

async function open({ language, colorScheme, width }: Look): Promise<Page> {
  const page = await chromium.newPage();
  await page.setViewportSize({ width, height: 800 });
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.addInitScript((chosen) => localStorage.setItem("naru-language", chosen), language);
  return page;
}

/** What axe finds, and how much it looked at. */
async function judged(page: Page): Promise<{ readonly faults: readonly string[]; readonly looked: number }> {
  await page.evaluate(await axe);
  const results: AxeResults = await page.evaluate((tags) => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const rules = { "label-content-name-mismatch": { enabled: true } };
    return axe.run(document, { runOnly: { type: "tag", values: tags }, rules });
  }, tags);
  const faults = results.violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id} at ${target.flat().join(" ")}: ${failureSummary?.split("\n")[1]}`),
  );
  return { faults, looked: results.passes.length };
}

/** Look at one state, and add what is wrong with it. */
async function look(page: Page, name: string, found: string[]): Promise<void> {
  const { faults, looked } = await judged(page);
  found.push(...faults.map((fault) => `${name}: ${fault}`));
  if (looked < 10) found.push(`${name}: axe looked at nothing`);
}

async function dialog(page: Page, press: string): Promise<void> {
  await page.locator(press).first().click();
  await page.locator("dialog[open]").waitFor();
}

async function close(page: Page): Promise<void> {
  await page.keyboard.press("Escape");
  await page.locator("dialog").waitFor({ state: "detached" });
}

for (const wanted of looks) {
  test(`axe finds no fault in any state of the page: ${Object.values(wanted).join(", ")}`, async () => {
    const page = await open(wanted);
    const found: string[] = [];
    await page.goto(demo.address("signed-out"));
    await page.locator("naru-sign-in h1").waitFor();
    await look(page, "the sign-in form", found);

    await page.goto(demo.address("busy"));
    await page.locator("[data-state=uploading]").first().waitFor();
    await look(page, "files and transfers in every state", found);
    await dialog(page, "[data-state=uploading] [data-action=cancel]");
    await look(page, "a transfer to be cancelled", found);
    await close(page);
    await page.locator("[data-state=uploading] [data-action=agent]").first().click();
    await page.locator("naru-agent section").waitFor();
    await look(page, "the way to the agent", found);
    await dialog(page, "[data-action=sign-out]");
    await look(page, "signing out while files are sent", found);

    await page.goto(demo.address("empty"));
    await page.locator(".blank b").waitFor();
    await look(page, "an empty folder", found);

    await page.goto(demo.address("idle"));
    await dialog(page, "button.new");
    await look(page, "a new folder", found);
    await close(page);
    const folder = page.locator("[data-folder]").first();
    await folder.press("Delete");
    await page.locator("dialog[open]").waitFor();
    await look(page, "the removal of a folder", found);
    await close(page);
    await folder.press("F2");
    await page.locator("dialog[open]").waitFor();
    await page.locator("dialog input").fill("drone_0412.mov");
    await page.locator("dialog [data-action=confirm]").click();
    await page.getByRole("alert").waitFor();
    await look(page, "a name that is taken", found);
    await close(page);
    await page.getByRole("searchbox").fill("no such name");
    await page.locator(".blank").waitFor();
    await look(page, "a search without a match", found);
    await page.close();
    expect(found).toEqual([]);
  });
}

test("axe finds no fault in the panel of the account", async () => {
  const found: string[] = [];
  for (const wanted of looks.slice(0, 2)) {
    const page = await open(wanted);
    await ConsolePage.open(page, world.origin);
    await page.locator("[data-action=account]").click();
    await page.locator("naru-account section").first().waitFor();
    await look(page, Object.values(wanted).join(", "), found);
    await page.close();
  }
  expect(found).toEqual([]);
});

test("axe finds no fault in the preview of any kind of file", async () => {
  for (const [name, content] of Object.entries(previewFiles)) await writeFile(join(world.kept, name), content);
  const found: string[] = [];
  for (const wanted of looks) {
    const page = await open(wanted);
    await ConsolePage.open(page, world.origin);
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
      await look(page, `${Object.values(wanted).join(", ")}: ${name}`, found);
      await page.keyboard.press("Escape");
      await page.locator("naru-preview dialog").waitFor({ state: "detached" });
    }
    await page.close();
  }
  expect(found).toEqual([]);
});

test("axe would find a button without a name or with another, and words too pale to read", async () => {
  const page = await open(looks[0]);
  await page.setContent(
    '<main><h1>x</h1><button></button><button aria-label="Try x again">Try again</button><p style="color: #aaa; background: #fff">pale</p></main>',
  );
  expect((await judged(page)).faults.map((fault) => fault.split(" ")[0])).toEqual(
    expect.arrayContaining(["button-name", "color-contrast", "label-content-name-mismatch"]),
  );
  await page.close();
});
