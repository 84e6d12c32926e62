import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld, type World } from "../harness/world.ts";

let world: World;
let chromium: Pages;

beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
});

afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

test("a wrong password is told in words, and the right one lets in", async () => {
  const page = await ConsolePage.look(await chromium.newPage(), world.origin);
  await page.signIn("admin", "not the password");
  await page.page
    .getByText(/not right/)
    .first()
    .waitFor();
  await page.signIn();
  await page.fileInput.waitFor({ state: "attached" });
});

test("the page has no words that its policy forbids", async () => {
  const tab = await chromium.newPage();
  const complaints: string[] = [];
  tab.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  tab.on("pageerror", (error) => complaints.push(error.message));
  await ConsolePage.open(tab, world.origin);
  expect(complaints).toEqual([]);
  const policy = (await fetch(world.origin)).headers.get("content-security-policy");
  expect(policy).toContain("default-src");
  expect(policy).not.toContain("unsafe-inline");
});

test("a file comes back under its Korean name", async () => {
  const name = "연구 결과 (최종).bin";
  const sha256 = await makeFile(world.file(name), 5 * MiB);
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file(name));
  await page.waitState(name, "done");
  const download = page.page.waitForEvent("download");
  await page.page.getByLabel(`Download ${name}`).first().click();
  const saved = await download;
  expect(saved.suggestedFilename().normalize()).toBe(name.normalize());
  await saved.saveAs(world.file("saved.bin"));
  expect(await sha256File(world.file("saved.bin"))).toBe(sha256);
});

test("pause holds the bytes, resume sends the rest, cancel forgets", async () => {
  const name = "pause.bin";
  const size = 64 * MiB;
  await makeFile(world.file(name), size);
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  world.line.bytesPerSecond = 20 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 0);
  await page.button(name, "pause").click();
  await page.waitState(name, "paused");
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  const puts = world.line.partPuts.length;
  await page.button(name, "resume").click();
  await page.waitState(name, "done");
  expect(world.line.partPuts.length).toBeGreaterThan(puts);

  world.line.bytesPerSecond = 10 * MiB;
  await makeFile(world.file("cancel.bin"), size);
  await page.chooseFiles(world.file("cancel.bin"));
  await page.waitConfirmed("cancel.bin", 8_000_000);
  await page.button("cancel.bin", "cancel").click();
  await page.page.locator("[data-action=confirm]").click();
  await page.waitState("cancel.bin", "cancelled").catch(() => page.row("cancel.bin").waitFor({ state: "detached" }));
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await expect(readFile(world.file("kept/cancel.bin"))).rejects.toThrow(/ENOENT/);
});

test("the page speaks the browser's language, and the switch changes it", async () => {
  await using korean = await openPages({ language: "ko-KR" });
  const page = await ConsolePage.open(await korean.newPage(), world.origin);
  expect(await page.words()).toMatch(/[가-힣]{2}/);
  expect(await page.page.evaluate(() => document.documentElement.lang)).toBe("ko");
  await page.page.getByText("English").or(page.page.getByLabel("English")).first().click();
  await page.page.getByText("Upload files").or(page.page.getByLabel("Upload files")).first().waitFor();
  expect(await page.page.evaluate(() => document.documentElement.lang)).toBe("en");
  await page.page.reload();
  await page.page.getByText("Upload files").or(page.page.getByLabel("Upload files")).first().waitFor();
});
