import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ConsolePage } from "../harness/console-page.ts";
import { freePort } from "../harness/free-port.ts";
import { serveNaru } from "../harness/naru-server.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { worldFolder } from "../harness/world.ts";

const stack = new AsyncDisposableStack();
let origin: string;
let pages: Pages;
beforeAll(async () => {
  const dir = await worldFolder(stack);
  for (const name of ["files/plain", "films/old"]) await mkdir(join(dir, name), { recursive: true });
  await writeFile(join(dir, "films/old/film.txt"), "film");
  await writeFile(join(dir, "files/film.txt"), "film");
  const config = join(dir, "naru.yaml");
  const port = await freePort();
  const away = "s3://away?endpoint=http://127.0.0.1:9";
  await writeFile(config, `mounts:\n  /: file:files\n  /films: file:films\n  /away: ${away}\n`);
  const keys = { AWS_ACCESS_KEY_ID: "key", AWS_SECRET_ACCESS_KEY: "secret" };
  const server = await serveNaru({
    dir: join(dir, "data"),
    store: `file:${join(dir, "files")}`,
    port,
    env: keys,
    args: ["--config", config],
  });
  stack.use(server);
  ({ origin } = server);
  pages = stack.use(await openPages());
});
afterAll(() => stack.disposeAsync());

const row = (page: Page, path: string): Locator => page.locator(`tr[data-row="${path}"]`);
const offered = async (page: Page, path: string): Promise<readonly (string | null)[]> => {
  await row(page, path).press("Shift+F10");
  await page.locator("[role=menuitem]:focus").waitFor();
  const commands = await page
    .locator("[role=menuitem]")
    .evaluateAll((items) => items.map((item) => item.getAttribute("data-command")));
  await page.keyboard.press("Escape");
  return commands;
};

test("the folder of a store says what it is, and cannot be renamed, moved or deleted, by menu, keys or drag", async () => {
  const { page } = await ConsolePage.open(await pages.newPage(), origin);
  await row(page, "films/").waitFor();
  expect(await row(page, "films/").locator("td.size").textContent()).toBe("Storage");
  expect(await row(page, "plain/").locator("td.size").textContent()).toBe("");
  const ofMovable = ["cut", "move", "rename", "remove"];
  expect(await offered(page, "plain/")).toEqual(expect.arrayContaining(ofMovable));
  const commands = await offered(page, "films/");
  expect(commands).toContain("copy");
  expect(commands.filter((command) => ofMovable.includes(command ?? ""))).toEqual([]);
  for (const action of ["rename", "remove"]) {
    expect(await row(page, "plain/").locator(`[data-action=${action}]`).count()).toBe(1);
    expect(await row(page, "films/").locator(`[data-action=${action}]`).count()).toBe(0);
  }
  for (const key of ["Delete", "F2", "Control+x"]) await row(page, "films/").press(key);
  await row(page, "films/").dragTo(row(page, "plain/"));
  // What follows could only be there after what was asked before.
  await row(page, "plain/").press("Escape");
  await row(page, "plain/").press("F2");
  await page.locator("dialog[open]").waitFor();
  expect(await page.locator("dialog[open]").count()).toBe(1);
  await page.keyboard.press("Escape");
  await page.locator("dialog[open]").waitFor({ state: "detached" });
  await row(page, "films/").press("Control+ ");
  await page.getByRole("toolbar").waitFor();
  expect(await page.locator("[data-command=move], [data-command=rename], [data-command=remove]").count()).toBe(0);
  await page.keyboard.press("Escape");
  expect(await row(page, "films/").count()).toBe(1);
});

test("a search finds what is there, and names the store that was not searched", async () => {
  const { page } = await ConsolePage.open(await pages.newPage(), origin);
  await row(page, "films/").waitFor();
  await page.getByRole("searchbox").fill("film.txt");
  await row(page, "films/old/film.txt").waitFor();
  expect(await page.getByRole("alert").textContent()).toContain("does not answer: away");
});
