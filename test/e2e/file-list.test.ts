import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof folderWorld>>;
let chromium: Pages;
let console: ConsolePage;
let page: Page;
beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
  console = await ConsolePage.open(await chromium.newPage(), world.origin);
  page = console.page;
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const kept = (path: string): string => join(world.kept, path);
const file = (path: string): Locator => page.locator(`[data-file="${path}"]`);
const folder = (path: string): Locator => page.locator(`[data-folder="${path}"]`);
const confirm = (): Locator => page.locator("naru-files dialog [data-action=confirm]");

/** Put files where the server keeps them, and show their folder. */
async function openFolder(name: string, files: Readonly<Record<string, string>>): Promise<void> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(join(kept(name), path, ".."), { recursive: true });
    await writeFile(kept(`${name}/${path}`), text);
  }
  await console.openFolder(`${name}/`);
}

async function closed(): Promise<void> {
  await page.locator("naru-files dialog").waitFor({ state: "detached" });
}

test("a name that is taken is not replaced: the dialog says so and offers a free one", async () => {
  await openFolder("taken", { "a.txt": "a", "b.txt": "b", "b (2).txt": "b2" });
  await file("taken/a.txt").locator("[data-action=rename]").click();
  await page.getByLabel("Name", { exact: true }).fill("b.txt");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("“b.txt” is already there").waitFor();
  expect(await readFile(kept("taken/b.txt"), "utf8")).toBe("b");
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("b (3).txt");
  await page.keyboard.press("Enter");
  await file("taken/b (3).txt").waitFor();
  await closed();
  await expect.poll(() => console.whereFocusIs()).toBe("rename");
  expect(await readFile(kept("taken/b (3).txt"), "utf8")).toBe("a");
  expect(await readFile(kept("taken/b.txt"), "utf8")).toBe("b");
});

test("a file is replaced by a second press that says so, and by nothing less", async () => {
  await openFolder("replace", { "a.txt": "a", "b.txt": "b" });
  await file("replace/a.txt").locator("[data-action=rename]").click();
  await page.getByLabel("Name", { exact: true }).fill("b.txt");
  await confirm().click();
  await page.getByRole("button", { name: "Replace that file" }).waitFor();
  await page.keyboard.press("Escape");
  await closed();
  expect((await readdir(kept("replace"))).toSorted()).toEqual(["a.txt", "b.txt"]);
  await file("replace/a.txt").locator("[data-action=rename]").click();
  await page.getByLabel("Name", { exact: true }).fill("b.txt");
  await confirm().click();
  await page.getByRole("button", { name: "Replace that file" }).click();
  await closed();
  await file("replace/a.txt").waitFor({ state: "detached" });
  expect(await readFile(kept("replace/b.txt"), "utf8")).toBe("a");
});

test("a file cannot take the place of a folder, nor a folder that of a file or a folder", async () => {
  await openFolder("kinds", { "a.txt": "a", "one/x.txt": "x", "two/y.txt": "y" });
  for (const [row, name, words] of [
    [file("kinds/a.txt"), "one", "A folder “one” is already there"],
    [folder("kinds/one/"), "two", "A folder “two” is already there"],
    [folder("kinds/one/"), "a.txt", "“a.txt” is already there"],
  ] as const) {
    await row.locator("[data-action=rename]").click();
    await page.getByLabel("Name", { exact: true }).fill(name);
    await confirm().click();
    await page.getByRole("alert").getByText(words).waitFor();
    expect(await page.getByRole("button", { name: "Replace that file" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await closed();
  }
  expect(
    (await readdir(world.kept, { recursive: true })).filter((path) => path.startsWith("kinds/")).toSorted(),
  ).toEqual(["kinds/a.txt", "kinds/one", "kinds/one/x.txt", "kinds/two", "kinds/two/y.txt"]);
});

test("what is looked for is found in the whole of a large folder, and meanwhile nothing is said to be missing", async () => {
  await mkdir(kept("many"), { recursive: true });
  for (let n = 0; n < 2300; n++) await writeFile(kept(`many/f${String(n).padStart(4, "0")}.txt`), "");
  await writeFile(kept("many/the last one.txt"), "z");
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route("**/api/search?*", async (route) => {
    await held;
    await route.continue();
  });
  await console.openFolder("many/");
  await page.getByRole("searchbox").fill("the last one");
  await page.getByText("Searching here and in the folders below…").first().waitFor();
  expect(await page.getByText("No file here or below matches").count()).toBe(0);
  letGo();
  await file("many/the last one.txt").waitFor();
  await page.getByText("1 found", { exact: true }).waitFor();
  await page.getByRole("searchbox").fill("no such name");
  await page.getByText("No file here or below matches “no such name”").waitFor();
  await page.unroute("**/api/search?*");
});

test("a search that cannot go on says so, and goes on once it can", async () => {
  let isDown = true;
  await page.route("**/api/search?*", (route) => (isDown ? route.abort() : route.continue()));
  await mkdir(kept("many/deeper/still"), { recursive: true });
  await writeFile(kept("many/deeper/still/the last one but one.txt"), "y");
  await console.openFolder("");
  await page.getByRole("searchbox").fill("last the");
  await page.getByRole("alert").getByText("could not be searched").waitFor();
  isDown = false;
  await page.getByRole("button", { name: "Try again" }).click();
  await file("many/the last one.txt").waitFor();
  const deeper = file("many/deeper/still/the last one but one.txt");
  await deeper.getByText("many/deeper/still/", { exact: true }).waitFor();
  await page.unroute("**/api/search?*");
  await page.getByRole("searchbox").fill("");
  await folder("many/").waitFor();
});

test("a file that is gone is told in words, and nothing is saved in its place", async () => {
  await openFolder("gone", { "a.txt": "a", "b.txt": "b" });
  await rm(kept("gone/a.txt"));
  const saved: string[] = [];
  const note = (download: { suggestedFilename(): string }): unknown => saved.push(download.suggestedFilename());
  page.on("download", note);
  await page.getByLabel("Download a.txt").click();
  await page.getByRole("alert").getByText("“a.txt” is not there any more").waitFor();
  await file("gone/a.txt").waitFor({ state: "detached" });
  await expect.poll(() => console.whereFocusIs()).toBe("download");
  const download = page.waitForEvent("download");
  await page.getByLabel("Download b.txt").click();
  await download;
  page.off("download", note);
  expect(saved).toEqual(["b.txt"]);
  expect(await page.getByRole("alert").count()).toBe(0);
});

test("after a delete the focus is on the next row, after the last on the one before, and then on what is left", async () => {
  await openFolder("delete", { "a.txt": "a", "b.txt": "b" });
  const focused = page.locator("naru-files :focus");
  for (const [gone, next] of [
    ["a.txt", "Delete b.txt"],
    ["b.txt", "New folder"],
  ] as const) {
    await file(`delete/${gone}`).locator("[data-action=remove]").focus();
    await page.keyboard.press("Enter");
    await file(`delete/${gone}`).waitFor({ state: "detached" });
    await page.locator("naru-files [data-role=said]", { hasText: `“${gone}” deleted` }).waitFor({ state: "attached" });
    await expect
      .poll(async () => (await focused.getAttribute("aria-label")) ?? (await focused.textContent())?.trim())
      .toBe(next);
  }
});

test("where there is no bin it is asked before anything goes, with how much it is, and the focus is on the way back", async () => {
  await openFolder("no bin", { "x.txt": "x", "sub/1.txt": "12345", "sub/deeper/2.txt": "12345" });
  await page.route("**/api/session?*", async (route) => {
    const answer = await route.fetch();
    const session: { readonly store: object } = await answer.json();
    await route.fulfill({ json: { ...session, store: { ...session.store, bins: [] } } });
  });
  await folder("no bin/sub/").press("Control+ ");
  await file("no bin/x.txt").press("Control+ ");
  await page.keyboard.press("Delete");
  await page.getByRole("alertdialog").getByText("3 files (11 B)").waitFor();
  await expect.poll(() => console.whereFocusIs()).toBe("keep");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByText("No files here yet").waitFor();
  await closed();
  await page.unroute("**/api/session?*");
  expect(await readdir(kept("no bin"))).toEqual([]);
});

test("a new folder is there at once, empty as it is; by keyboard it gets another name, and goes with all that is in it", async () => {
  await openFolder("keys", { "x.txt": "x" });
  await page.locator("button.new").focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Name", { exact: true }).fill("촬영본");
  await page.keyboard.press("Enter");
  await folder("keys/촬영본/").waitFor();
  await closed();
  await expect.poll(() => page.locator("naru-files :focus").textContent()).toContain("촬영본");
  expect(await readdir(kept("keys/촬영본"))).toEqual([]);
  await page.reload();
  await folder("keys/촬영본/").locator("[data-action=rename]").focus();
  await page.keyboard.press("Enter");
  await page.getByLabel("Name", { exact: true }).fill("최종");
  await page.keyboard.press("Enter");
  await folder("keys/최종/").waitFor();
  await folder("keys/촬영본/").waitFor({ state: "detached" });
  await expect.poll(() => console.whereFocusIs()).toBe("rename");
  await mkdir(kept("keys/최종/더 깊은/곳"), { recursive: true });
  for (const path of ["1.txt", "더 깊은/2.txt", "더 깊은/곳/3.txt"])
    await writeFile(kept(`keys/최종/${path}`), "12345");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await folder("keys/최종/").waitFor({ state: "detached" });
  expect(await readdir(kept("keys"))).toEqual(["x.txt"]);
});

test("a new folder of a name that is there already changes nothing, and says so", async () => {
  await openFolder("again", { "one/x.txt": "x" });
  await page.locator("button.new").click();
  await page.getByLabel("Name", { exact: true }).fill("one");
  await page.keyboard.press("Enter");
  await page.getByRole("alert").getByText("already there").waitFor();
  await page.keyboard.press("Escape");
  await closed();
  expect(await readdir(kept("again/one"))).toEqual(["x.txt"]);
});

test("a folder that is dropped keeps the empty folders in it", async () => {
  await console.openFolder("");
  const dropped = world.file("프로젝트");
  await mkdir(join(dropped, "빈 폴더/속의 빈 폴더"), { recursive: true });
  await mkdir(join(dropped, "원본"));
  await writeFile(join(dropped, "원본/a.txt"), "a");
  await console.dropFiles(dropped);
  await console.waitState("프로젝트/원본/a.txt", "done");
  await expect.poll(() => readdir(kept("프로젝트/빈 폴더")).catch(() => undefined)).toEqual(["속의 빈 폴더"]);
  await folder("프로젝트/").waitFor();
  // As other browsers: no handles, but entries.
  await page.evaluate(() => Reflect.deleteProperty(DataTransferItem.prototype, "getAsFileSystemHandle"));
  await mkdir(world.file("아무것도 없음"));
  await console.dropFiles(world.file("아무것도 없음"));
  await folder("아무것도 없음/").waitFor();
  expect(await readdir(kept("아무것도 없음"))).toEqual([]);
});

test("on a phone a folder in the list leaves the names their room", async () => {
  await openFolder("phone", { "sub/x.txt": "x", "보고서 최종 수정본.txt": "y" });
  await page.setViewportSize({ width: 390, height: 800 });
  try {
    const width = async (of: Locator): Promise<number> => (await of.boundingBox())?.width ?? 0;
    const table = await width(page.locator("naru-files table"));
    expect(table).toBeLessThanOrEqual(390 - 28);
    for (const row of [folder("phone/sub/"), file("phone/보고서 최종 수정본.txt")]) {
      await row.waitFor();
      expect(await width(row.locator("td").nth(1))).toBeGreaterThan(table * 0.7);
    }
    await folder("phone/sub/").locator("[data-action=menu]").click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await folder("phone/sub/").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Undo" }).click();
    await folder("phone/sub/").waitFor();
  } finally {
    await page.setViewportSize({ width: 1200, height: 900 });
  }
});
