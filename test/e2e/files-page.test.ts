import { writeFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { FilesPage } from "../harness/files-page.ts";
import { admin } from "../harness/naru-server.ts";

let files: FilesPage;
let page: Page;
beforeAll(async () => {
  files = await FilesPage.open();
  ({ page } = files);
});
afterAll(() => files[Symbol.asyncDispose]());

test("rows are chosen by mouse, by keys and by their boxes, one, a range, some and all", async () => {
  await files.openFolder("choose", ["a/", "b.txt", "c.txt", "d.txt", "e.txt"]);
  const time = (path: string): Locator => files.row(path).locator("td.size");
  await time("choose/b.txt").click();
  await time("choose/d.txt").click({ modifiers: ["Shift"] });
  expect(await files.chosen()).toEqual(["choose/b.txt", "choose/c.txt", "choose/d.txt"]);
  await time("choose/c.txt").click({ modifiers: ["ControlOrMeta"] });
  await files.row("choose/a/").getByRole("checkbox").click();
  expect(await files.chosen()).toEqual(["choose/a/", "choose/b.txt", "choose/d.txt"]);
  await page.getByRole("toolbar", { name: "3 selected" }).waitFor();
  await page.keyboard.press("Escape");
  expect(await files.chosen()).toEqual([]);

  await files.row("choose/a/").focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+End");
  await expect.poll(() => files.chosen()).toEqual(["choose/b.txt", "choose/c.txt", "choose/d.txt", "choose/e.txt"]);
  await page.keyboard.press("Control+Home");
  await expect.poll(() => files.focusedRow()).toBe("choose/a/");
  await page.keyboard.press(" ");
  await expect.poll(() => files.chosen()).toHaveLength(5);
  await page.keyboard.press("Control+a");
  await page.keyboard.press(" ");
  await expect.poll(() => files.chosen()).toHaveLength(4);
  await page.keyboard.press("d");
  await expect.poll(() => files.focusedRow()).toBe("choose/d.txt");
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: "Select all" }).click();
  await expect.poll(() => files.chosen()).toHaveLength(5);
});

test("names are in the order that people count in, and each column orders the list, folders first", async () => {
  await files.openFolder("order", ["z/", "f10", "f9", "F1", "f02"]);
  await writeFile(files.kept("order/f9"), "the longest of them all");
  await files.console.openFolder("");
  await files.console.openFolder("order/");
  expect(await files.names()).toEqual(["z", "F1", "f02", "f9", "f10"]);
  const head = (name: string): Locator => page.getByRole("columnheader").getByRole("button", { name });
  await head("Name").click();
  expect(await files.names()).toEqual(["z", "f10", "f9", "f02", "F1"]);
  await head("Size").click();
  expect((await files.names()).slice(0, 2)).toEqual(["z", "f9"]);
  expect(await page.getByRole("columnheader", { name: "Size" }).getAttribute("aria-sort")).toBe("descending");
  await page.locator("[data-role=said]", { hasText: "Sorted by Size, descending" }).waitFor({ state: "attached" });
  await head("Name").click();
});

test("by keys alone a folder is opened and left; back and forward go where they went, to the row that was left", async () => {
  await files.openFolder("walk", ["one/", "two/inside/deep.txt", "x.txt"]);
  await files.row("walk/two/").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => files.focusedRow()).toBe("walk/two/inside/");
  await page.keyboard.press("Enter");
  await expect.poll(() => files.focusedRow()).toBe("walk/two/inside/deep.txt");
  await page.goBack();
  await expect.poll(() => files.focusedRow()).toBe("walk/two/inside/");
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(() => files.focusedRow()).toBe("walk/two/");
  await page.getByRole("navigation", { name: "You are in" }).getByRole("link", { name: "All files" }).click();
  await files.row("walk/").waitFor();
});

test("a row's buttons never cut its time, and the ring of a focused row is whole, also when it is chosen", async () => {
  await files.openFolder("hover", ["a.txt", "b.txt"]);
  const row = files.row("hover/a.txt");
  const [time, first] = [row.locator("time"), row.locator("td.acts .bare").first()];
  const normal = page.viewportSize() ?? { width: 1200, height: 900 };
  await row.hover();
  await first.waitFor();
  const right = await time.evaluate((shown) => shown.getBoundingClientRect().right);
  expect(right).toBeLessThanOrEqual((await first.boundingBox())?.x ?? 0);
  // Where there is no room for both, one takes the place of the other.
  await page.setViewportSize({ ...normal, width: 680 });
  await row.hover();
  await time.waitFor({ state: "hidden" });
  await page.setViewportSize(normal);
  await files.row("hover/b.txt").focus();
  await page.keyboard.press("ArrowUp");
  await expect.poll(() => files.focusedRow()).toBe("hover/a.txt");
  expect(await files.chosen()).toEqual(["hover/a.txt"]);
  const box = await row.boundingBox();
  if (box === null) throw new Error("the row is not drawn");
  const edge = async (x: number): Promise<string> =>
    (await page.screenshot({ clip: { x, y: box.y, width: 20, height: 2 } })).toString("base64");
  await expect.poll(async () => (await edge(box.x + box.width - 40)) === (await edge(box.x + 20))).toBe(true);
  expect(await edge(box.x + 20)).not.toBe(
    (await page.screenshot({ clip: { x: box.x + 20, y: box.y + 6, width: 20, height: 2 } })).toString("base64"),
  );
});

test("a link leads to a folder with or without its slash, to a file, and says when nothing is there", async () => {
  await files.openFolder("links", ["sub/a.txt", "b.txt"]);
  const go = (hash: string): Promise<void> =>
    page.evaluate((hash) => {
      location.hash = hash;
    }, hash);
  await go("#/links/sub");
  await files.row("links/sub/a.txt").waitFor();
  expect(new URL(page.url()).hash).toBe("#/links/sub/");
  await go("#/links/b.txt");
  await page.getByRole("dialog", { name: "b.txt" }).waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => files.chosen()).toEqual(["links/b.txt"]);
  await expect.poll(() => files.focusedRow()).toBe("links/b.txt");
  await go("#/links/nobody.txt");
  await page.getByRole("alert").getByText("“nobody.txt” is not there any more").waitFor();
  await go("#/links/nowhere/");
  await page.getByRole("alert").getByText("There is no folder “nowhere”").waitFor();
  await page.getByRole("button", { name: "Go to the folder above" }).click();
  await files.row("links/b.txt").waitFor();
});

test("what others add, move and remove appears by itself, and selection, focus and scroll stay", async () => {
  const names = Array.from({ length: 120 }, (_, index) => `f${String(index).padStart(3, "0")}`);
  await files.openFolder("live", names);
  const other = await ConsolePage.open(await files.chromium.newPage(), files.world.origin);
  const call = (method: string, path: string, body?: string): Promise<number> =>
    other.page.evaluate(async ({ method, path, body }) => (await fetch(path, { method, body: body ?? null })).status, {
      method,
      path,
      body,
    });
  await files.row("live/f035").press("Control+ ");
  const [top, scroll] = [(await files.row("live/f035").boundingBox())?.y, await page.evaluate(() => scrollY)];
  expect(await call("PUT", "/api/files/live/a%20new%20one", "new")).toBe(201);
  expect(await call("DELETE", "/api/files/live/f119")).toBe(204);
  expect(await call("PUT", "/api/folders/live/sub")).toBe(201);
  await expect.poll(() => page.locator("table").getAttribute("aria-rowcount")).toBe("122");
  expect(await files.chosen()).toEqual(["live/f035"]);
  expect(await files.focusedRow()).toBe("live/f035");
  expect(await page.evaluate(() => scrollY)).toBeGreaterThanOrEqual(scroll);
  expect(Math.abs(((await files.row("live/f035").boundingBox())?.y ?? 0) - (top ?? 0))).toBeLessThan(3);
  await page.keyboard.press("Home");
  await files.row("live/sub/").waitFor();
  await files.row("live/a new one").getByText("Just arrived").waitFor();
  expect(await call("DELETE", "/api/folders/live?recursive=true")).toBe(204);
  await page.getByRole("alert").getByText("There is no folder “live”").waitFor();
  await other.page.close();
});

test("eight pages of one browser stand side by side, and what comes appears in all of them", async () => {
  await files.openFolder("many", ["first.txt"]);
  const others = [];
  for (let n = 0; n < 7; n += 1) {
    const other = await ConsolePage.open(await files.chromium.newPage(), files.world.origin);
    await other.openFolder("many/");
    others.push(other.page);
  }
  const url = `${files.world.origin}/api/files/many/second.txt`;
  const headers = { authorization: `Basic ${btoa(`${admin.user}:${admin.password}`)}` };
  expect((await fetch(url, { method: "PUT", headers, body: "2" })).status).toBe(201);
  for (const one of [page, ...others]) await one.locator('[data-file="many/second.txt"]').waitFor();
  for (const other of others) await other.close();
});

test("an empty folder has one thing to do: to send a file there", async () => {
  await files.openFolder("blank", ["empty/"]);
  await files.console.openFolder("blank/empty/");
  // A browser without the picker that gives handles.
  await page.evaluate(() => Reflect.deleteProperty(globalThis, "showOpenFilePicker"));
  const chooser = page.waitForEvent("filechooser");
  await page.locator(".blank").getByRole("button", { name: "Upload files" }).click();
  await (await chooser).setFiles({ name: "first.txt", mimeType: "text/plain", buffer: Buffer.from("1") });
  await files.row("blank/empty/first.txt").waitFor();
});

test("a veil says where files go that are dragged in, also while rows are chosen, and goes with them", async () => {
  await files.openFolder("veil", ["a.txt"]);
  await files.row("veil/a.txt").press("Control+ ");
  const session = await page.context().newCDPSession(page);
  const data = { items: [], files: [files.kept("veil/a.txt")], dragOperationsMask: 1 };
  const send = (type: "dragEnter" | "dragOver" | "dragCancel"): Promise<unknown> =>
    session.send("Input.dispatchDragEvent", { type, x: 300, y: 300, data });
  await send("dragEnter");
  await send("dragOver");
  await page.getByText("Let go to upload to “veil”").waitFor();
  await send("dragCancel");
  await page.getByText("Let go to upload to “veil”").waitFor({ state: "hidden" });
  await session.detach();
});

test("on a phone a long press chooses, taps choose more, and the path folds", async () => {
  await files.openFolder("touch/한강/원본 2026", ["a.txt", "b.txt"]);
  const context = await page
    .context()
    .browser()
    ?.newContext({
      viewport: { width: 390, height: 800 },
      hasTouch: true,
      isMobile: true,
      locale: "en-US",
      storageState: await page.context().storageState(),
    });
  if (context === undefined) throw new Error("Cannot open a phone's page: the browser is gone");
  const phone = await context.newPage();
  await phone.goto(`${files.world.origin}/#/touch/한강/원본 2026/`);
  const first = phone.locator("tr[data-row$='a.txt']");
  const box = await first.boundingBox();
  const session = await context.newCDPSession(phone);
  const touchPoints = [{ x: (box?.x ?? 0) + 150, y: (box?.y ?? 0) + 20 }];
  await session.send("Input.dispatchTouchEvent", { type: "touchStart", touchPoints });
  await phone.getByRole("toolbar", { name: "1 selected" }).waitFor();
  await session.send("Input.dispatchTouchEvent", { type: "touchEnd", touchPoints: [] });
  await phone.locator("tr[data-row$='b.txt'] .name").tap();
  await phone.getByRole("toolbar", { name: "2 selected" }).waitFor();
  await phone.getByLabel("Folders in between").click();
  await phone.getByRole("link", { name: "touch" }).last().click();
  await phone.locator("tr[data-row='touch/한강/']").waitFor();
  expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await context.close();
});
