import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { judged, look } from "../harness/axe.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { type Demo, serveDemo } from "../harness/demo-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

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

    await page.goto(demo.address("downloads"));
    await page.locator("[data-state=done] .verified").first().waitFor();
    await look(page, "downloads in every state", found);

    await page.goto(demo.address("groups"));
    await page.locator("[data-group]").first().waitFor();
    await look(page, "groups of transfers", found);
    await page.locator("[data-group] [data-action=menu]").first().click();
    await page.getByRole("menu").waitFor();
    await look(page, "the place of a group in the queue", found);
    await page.keyboard.press("Escape");
    await dialog(page, "[data-action-all=history]");
    await look(page, "finished transfers", found);
    await close(page);
    await page.goto(demo.address("back"));
    await page.locator("[data-unfinished]").waitFor();
    await look(page, "unfinished uploads of an earlier visit", found);

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

test("axe finds no fault in what stands over the list of files", async () => {
  const found: string[] = [];
  await mkdir(join(world.dir, "kept/over/sub"), { recursive: true });
  for (const name of ["a.txt", "b.txt", "sub/a.txt"]) await writeFile(join(world.dir, "kept/over", name), name);
  for (const wanted of [looks[1], looks[3]]) {
    const page = await open(wanted);
    const view = await ConsolePage.open(page, world.origin);
    await view.openFolder("over/");
    const row = page.locator("[data-file='over/a.txt']");
    await row.press("Control+ ");
    await look(page, "chosen rows", found);
    await row.press("Shift+F10");
    await page.locator("[role=menuitem]:focus").waitFor();
    await look(page, "the menu of a row", found);
    await page.locator("[role=menuitem][data-command=details]").click();
    await page.locator("naru-details dt").nth(4).waitFor();
    await look(page, "the details of a file", found);
    await close(page);
    await row.press("Shift+F10");
    await page.locator("[role=menuitem][data-command=move]").click();
    await page.locator("dialog[open] [data-pick]").first().click();
    await page.locator("dialog[open] .note:empty").waitFor({ state: "attached" });
    await look(page, "the folder to move to", found);
    await page.locator("dialog[open] [data-action=confirm]").click();
    await page.locator("dialog[open] [data-action=skip]").waitFor();
    await look(page, "a taken name", found);
    await close(page);
    await page.locator("[data-file='over/b.txt']").press("Delete");
    await page.locator("[data-role=toast] [data-action=undo]").waitFor();
    await look(page, "what was deleted, to be undone", found);
    await page.locator("[data-action=bin]").click();
    await page.locator("[data-bin]").first().waitFor();
    await look(page, "the bin", found);
    await page.locator("[data-action=restore]").first().click();
    await page.locator("naru-bin .blank").waitFor();
    await close(page);
    await page.getByRole("searchbox").fill("a.txt");
    await page.locator("[data-file='over/sub/a.txt']").waitFor();
    await look(page, "what was found below", found);
    await page.close();
  }
  expect(found).toEqual([]);
});

test("axe finds no fault in the question before sending, nor in what was left out", async () => {
  const found: string[] = [];
  const names = ["one.pdf", "two.pdf"];
  await mkdir(world.kept, { recursive: true });
  for (const name of names) await writeFile(join(world.kept, name), "there before");
  for (const name of [...names, "CON", ".DS_Store"]) await writeFile(world.file(name), "coming");
  for (const wanted of looks) {
    const page = await open(wanted);
    const console = await ConsolePage.open(page, world.origin);
    await console.chooseFiles(...[...names, "CON", ".DS_Store"].map((name) => world.file(name)));
    await page.locator("dialog[open] [data-refused]").waitFor();
    await look(page, `the question: ${Object.values(wanted).join(", ")}`, found);
    await close(page);
    await page.locator("naru-pre-flight .left-out").waitFor();
    await look(page, `the note: ${Object.values(wanted).join(", ")}`, found);
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
