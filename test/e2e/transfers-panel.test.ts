import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Locator } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages, type Pages } from "../harness/shared-chromium.ts";
import { folderWorld } from "../harness/world.ts";

let world: Awaited<ReturnType<typeof folderWorld>>;
let chromium: Pages;
let page: ConsolePage;
beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  page = await ConsolePage.open(await chromium.newPage(), world.origin);
});
afterEach(async () => {
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.page.close();
});

/** Send a file of 60 MiB until more of it has arrived than is thrown away unasked. */
async function half(name: string): Promise<void> {
  await makeFile(world.file(name), 60 * MiB);
  world.line.bytesPerSecond = 16 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, 8_000_000);
  world.line.bytesPerSecond = 0.25 * MiB;
}

function question(): Locator {
  return page.page.getByRole("alertdialog");
}

function head(): Locator {
  return page.page.locator("naru-transfers header");
}

test("what was sent is not thrown away without a question, and Escape keeps it", async () => {
  await half("keep.bin");
  await page.button("keep.bin", "cancel").focus();
  await page.page.keyboard.press("Enter");
  await question().getByText("Cancel “keep.bin”?").waitFor();
  expect(await question().textContent()).toMatch(/The \d.* MB sent so far will be deleted at the server/);
  await expect.poll(() => page.whereFocusIs()).toBe("keep");
  await page.page.keyboard.press("Escape");
  await question().waitFor({ state: "detached" });
  await expect.poll(() => page.whereFocusIs()).toBe("cancel");
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.waitState("keep.bin", "done");
});

test("a cancelled transfer is neither 100 % of anything nor where the focus gets lost", async () => {
  await half("away.bin");
  await page.button("away.bin", "cancel").focus();
  await page.page.keyboard.press("Enter");
  await question().waitFor();
  await page.page.keyboard.press("Tab");
  await expect.poll(() => page.whereFocusIs()).toBe("confirm");
  await page.page.keyboard.press("Enter");
  await page.waitState("away.bin", "cancelled");
  await head().getByText("Nothing is being sent").waitFor();
  expect(await head().textContent()).not.toMatch(/%| B\b/);
  expect(await head().getByRole("progressbar").count()).toBe(0);
  await expect.poll(() => page.whereFocusIs()).toBe("rows");
  await expect(readFile(join(world.kept, "away.bin"))).rejects.toThrow(/ENOENT/);
});

test("what has hardly begun is cancelled at once", async () => {
  await makeFile(world.file("hardly.bin"), 60 * MiB);
  world.line.bytesPerSecond = 0.25 * MiB;
  await page.chooseFiles(world.file("hardly.bin"));
  await page.waitState("hardly.bin", "uploading");
  await page.button("hardly.bin", "cancel").click();
  await page.waitState("hardly.bin", "cancelled");
  expect(await question().count()).toBe(0);
});

test("signing out in the middle of a transfer asks first, and what was sent waits for the next sign-in", async () => {
  await half("leave.bin");
  const leave = page.page.locator("[data-action=sign-out]");
  await leave.click();
  await question().getByText("Sending stops in this tab").waitFor();
  await expect.poll(() => page.whereFocusIs()).toBe("keep");
  await page.page.keyboard.press("Escape");
  await question().waitFor({ state: "detached" });
  await expect.poll(() => page.whereFocusIs()).toBe("sign-out");
  await leave.click();
  await page.page.locator("[data-action=confirm]").click();
  await page.page.locator("naru-sign-in form").waitFor();
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.signIn();
  await page.waitState("leave.bin", "needs-file");
  await page.chooseAgain("leave.bin", world.file("leave.bin"));
  await page.waitState("leave.bin", "done");
  await leave.click();
  await page.page.locator("naru-sign-in form").waitFor();
  await page.signIn();
});

test("a file whose name is taken has the name that it got in its row, and its own is told beside it", async () => {
  await mkdir(world.kept, { recursive: true });
  for (const [name, size] of [
    ["small.txt", 5],
    ["large.bin", 20 * MiB],
  ] as const) {
    await writeFile(join(world.kept, name), "here before");
    await makeFile(world.file(name), size);
    await page.chooseFiles(world.file(name));
    const asking = page.page.getByRole("dialog");
    await asking.getByText("Keep both", { exact: true }).click();
    await asking.locator("[data-action=confirm]").click();
    await page.waitState(name, "done");
    const other = name.replace(".", " (2).");
    const row = page.row(name);
    expect(await row.locator(".name").textContent()).toBe(other);
    expect(await row.locator(".detail").textContent()).toContain(`“${name}” was taken`);
    await page.page.locator(`[data-file="${other}"]`).waitFor();
    expect(await readFile(join(world.kept, name), "utf8")).toBe("here before");
  }
  expect(await readdir(world.kept)).toContain("large (2).bin");
  // Said when the start of it has been read.
  const said = page.page.locator("naru-transfers [role=status]");
  await expect.poll(() => said.textContent()).toBe("“large.bin” was taken; the file arrived as “large (2).bin”");

  await page.row("large.bin").locator("[data-action=open-file]").click();
  await expect.poll(() => new URL(page.page.url()).hash).toBe("#/large%20(2).bin");
  await page.page.locator('naru-files tr[aria-selected=true][data-row="large (2).bin"]').waitFor();
  await page.page.getByRole("dialog", { name: "large (2).bin" }).waitFor();
});

test("a new batch begins at nothing, and while it is paused it has no speed", async () => {
  await makeFile(world.file("before.bin"), 30 * MiB);
  await page.chooseFiles(world.file("before.bin"));
  await page.waitState("before.bin", "done");
  await head().getByText("31.5 of 31.5 MB · 100 %").waitFor();
  await half("next.bin");
  expect(await head().textContent()).toMatch(/of 62\.9 MB · \d\d? %/);
  await head().getByText("/s").waitFor();
  await page.page.locator("[data-action-all=pause]").click();
  await page.waitState("next.bin", "paused");
  await page.page.locator("naru-transfers header.still").waitFor();
  expect(await head().textContent()).not.toMatch(/\/s|left/);
  expect(await page.page.title()).toMatch(/^\d\d? % –/);
  world.line.bytesPerSecond = Number.POSITIVE_INFINITY;
  await page.page.locator("[data-action-all=resume]").click();
  await page.waitState("next.bin", "done");
  await head().getByText("62.9 of 62.9 MB · 100 %").waitFor();
});

test("after a pause of all, all is resumed with one click while small files are still on their way", async () => {
  world.line.fault = ({ url }) => (url.pathname === "/api/batch" ? { kind: "stall", afterBytes: 0 } : undefined);
  await writeFile(world.file("on-its-way.txt"), "small");
  await makeFile(world.file("paused.bin"), 60 * MiB);
  world.line.bytesPerSecond = 0.25 * MiB;
  await page.chooseFiles(world.file("on-its-way.txt"), world.file("paused.bin"));
  await page.waitState("on-its-way.txt", "uploading");
  await page.waitState("paused.bin", "uploading");
  await page.page.locator("[data-action-all=pause]").click();
  await page.waitState("paused.bin", "paused");
  expect(await page.state("on-its-way.txt")).toBe("uploading");
  await page.page.locator("[data-action-all=resume]").click();
  await page.waitState("paused.bin", "uploading");
});
