import { readdir } from "node:fs/promises";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FilesPage } from "../harness/files-page.ts";

let files: FilesPage;
let page: Page;
beforeAll(async () => {
  files = await FilesPage.open();
  ({ page } = files);
});
afterAll(() => files[Symbol.asyncDispose]());

test("what is deleted is brought back by the message, by Ctrl+Z, and from the bin; there it goes for good", async () => {
  await files.openFolder("bin", ["a.txt", "b.txt", "c/deep.txt", "d.txt"]);
  await files.row("bin/a.txt").press("Control+ ");
  await files.row("bin/c/").press("Control+ ");
  await page.keyboard.press("Delete");
  await files.toast.getByText("2 items deleted").waitFor();
  expect(await files.names()).toEqual(["b.txt", "d.txt"]);
  await files.toast.getByRole("button", { name: "Undo" }).click();
  await files.row("bin/c/").waitFor();
  expect((await readdir(files.kept("bin"))).sort()).toEqual(["a.txt", "b.txt", "c", "d.txt"]);

  await files.row("bin/b.txt").press("Delete");
  await files.toast.getByText("“b.txt” deleted").waitFor();
  await expect.poll(() => files.focusedRow()).toBe("bin/d.txt");
  await page.keyboard.press("Control+z");
  await files.row("bin/b.txt").waitFor();

  for (const name of ["b.txt", "d.txt"]) await files.row(`bin/${name}`).press("Delete");
  await page.getByRole("button", { name: "Bin", exact: true }).click();
  const bin = page.getByRole("dialog", { name: "Bin" });
  await bin.getByRole("button", { name: "Restore b.txt" }).click();
  await bin.locator("[data-bin='bin/b.txt']").waitFor({ state: "detached" });
  await bin.getByRole("button", { name: "Delete for good: d.txt" }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: "Delete for good" }).click();
  await bin.locator("[data-bin='bin/d.txt']").waitFor({ state: "detached" });
  await page.keyboard.press("Escape");
  await bin.waitFor({ state: "detached" });
  await files.row("bin/b.txt").waitFor();
  expect((await readdir(files.kept("bin"))).sort()).toEqual(["a.txt", "b.txt", "c"]);
});

test("files are moved to a folder that is looked for; of taken names it is asked once, and undo puts them back", async () => {
  await files.openFolder("move", ["a.txt", "b.txt", "to/a.txt", "to/deeper/"]);
  await files.row("move/a.txt").press("Control+ ");
  await files.row("move/b.txt").press("Control+ ");
  await page.getByRole("button", { name: "Move to…" }).click();
  const picker = page.getByRole("dialog", { name: "Move 2 items" });
  await picker.getByText("It is here already").waitFor();
  await picker.getByRole("button", { name: "to", exact: true }).click();
  await picker.getByRole("button", { name: "Move here" }).click();
  await page
    .getByRole("alertdialog", { name: "This name is taken" })
    .getByRole("button", { name: "Keep both" })
    .click();
  await files.toast.getByText("2 items moved to “to”").waitFor();
  expect((await readdir(files.kept("move/to"))).sort()).toEqual(["a (2).txt", "a.txt", "b.txt", "deeper"]);
  await files.toast.getByRole("button", { name: "Undo" }).click();
  await files.row("move/b.txt").waitFor();
  expect((await readdir(files.kept("move"))).sort()).toEqual(["a.txt", "b.txt", "to"]);
});

test("rows are dragged onto a folder and onto the path, with Ctrl as a copy", async () => {
  await files.openFolder("drag", ["into/", "a.txt", "b.txt"]);
  await files.row("drag/a.txt").press("Control+ ");
  await files.row("drag/b.txt").press("Control+ ");
  await files.drag(files.row("drag/a.txt").locator("td.size"), files.row("drag/into/"));
  await files.toast.getByText("2 items moved to “into”").waitFor();
  await files.console.openFolder("drag/into/");
  await files.drag(files.row("drag/into/a.txt").locator("td.size"), page.locator("[data-drop='drag/']").first());
  await files.row("drag/into/a.txt").waitFor({ state: "detached" });
  await expect.poll(() => readdir(files.kept("drag"))).toEqual(expect.arrayContaining(["a.txt", "into"]));
  expect(await readdir(files.kept("drag/into"))).toEqual(["b.txt"]);
});

test("what is cut or copied by keys is pasted in another folder, and a copy beside its original has a name of its own", async () => {
  await files.openFolder("paste", ["there/", "a.txt", "b.txt"]);
  await files.row("paste/a.txt").press("Control+c");
  await files.said("“a.txt” copied. Open a folder and paste.");
  await page.keyboard.press("Control+v");
  await files.row("paste/a (2).txt").waitFor();
  await files.row("paste/b.txt").press("Control+x");
  await files.said("“b.txt” cut");
  await files.console.openFolder("paste/there/");
  await page.keyboard.press("Control+v");
  await files.row("paste/there/b.txt").waitFor();
  expect((await readdir(files.kept("paste"))).sort()).toEqual(["a (2).txt", "a.txt", "there"]);
});

test("the menu of a row comes by Shift+F10 and by the right button, and gives the focus back", async () => {
  await files.openFolder("menu", ["a.txt", "b/"]);
  await files.row("menu/a.txt").press("Shift+F10");
  await files.menuItem("Open").waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Escape");
  await expect.poll(() => files.focusedRow()).toBe("menu/a.txt");
  await files.row("menu/b/").click({ button: "right" });
  await files.menuItem("Rename…").click();
  await page.getByLabel("Name", { exact: true }).fill("c");
  await page.keyboard.press("Enter");
  await files.row("menu/c/").waitFor();
  await files.row("menu/a.txt").press("Shift+F10");
  await files.menuItem("Open").and(page.locator(":focus")).waitFor();
  await page.keyboard.press("d");
  await page.keyboard.press("d");
  await page.keyboard.press("Enter");
  const details = page.getByRole("dialog", { name: "a.txt" });
  await details.getByText("5 B (5 bytes)").waitFor();
  await page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
});
