import { mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
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
/** What the page has asked of the server, as `PUT /api/...`. */
let calls: string[];
beforeAll(async () => {
  world = await folderWorld();
  chromium = await openPages();
  await mkdir(world.kept, { recursive: true });
});
afterAll(async () => {
  await chromium[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(async () => {
  page = await ConsolePage.open(await chromium.newPage(), world.origin);
  calls = [];
  chromium.context.on("request", note);
});
afterEach(async () => {
  chromium.context.off("request", note);
  await page.page.close();
});

function note(request: { method(): string; url(): string }): void {
  calls.push(`${request.method()} ${new URL(request.url()).pathname}`);
}

/** Calls that carry bytes, or prepare to. */
function sent(): readonly string[] {
  return calls.filter((call) => /^(PUT|POST) \/api\/(uploads$|uploads\/[^/]+\/parts|batch$)/.test(call));
}

function dialog(): Locator {
  return page.page.getByRole("dialog", { name: "Before sending" });
}

/** Put a file into the store, and another of the same name where it can be chosen. */
async function taken(name: string, { there = "here before", size = 9 } = {}): Promise<string> {
  await writeFile(join(world.kept, name), there);
  await makeFile(world.file(name), size);
  return world.file(name);
}

const kept = (name: string): Promise<string> => readFile(join(world.kept, name), "utf8");

test("a taken name is asked about before the first byte, and answered by keyboard alone", async () => {
  const large = await taken("large.bin", { size: 20 * MiB });
  await page.chooseFiles(large);
  await dialog().waitFor();
  expect(await dialog().textContent()).toMatch(/New: 21\.0 MB, Today .* There: 11 B, Today/);
  expect(sent()).toEqual([]);
  await expect.poll(() => focused()).toBe("same");
  await page.page.keyboard.press("ArrowDown");
  await page.page.keyboard.press("ArrowDown");
  await expect.poll(() => focused()).toBe("overwrite");
  await page.page.keyboard.press("Enter");
  await dialog().waitFor({ state: "detached" });
  await page.waitState("large.bin", "done");
  expect((await readFile(join(world.kept, "large.bin"))).equals(await readFile(large))).toBe(true);
  expect(await readdir(world.kept)).not.toContain("large (2).bin");
});

/** The value of what has the focus. */
function focused(): Promise<string | undefined> {
  return page.page.evaluate(() => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    return at instanceof HTMLInputElement ? at.value : at?.tagName;
  });
}

test("the way back and Escape send nothing, and a skipped file stays as it is", async () => {
  const file = await taken("stays.txt");
  for (const answer of ["Escape", "keep"]) {
    await page.chooseFiles(file);
    await dialog().waitFor();
    if (answer === "keep") await dialog().locator("[data-action=keep]").click();
    else await page.page.keyboard.press(answer);
    await dialog().waitFor({ state: "detached" });
  }
  await makeFile(world.file("comes.txt"), 5);
  await page.chooseFiles(file, world.file("comes.txt"));
  await dialog().getByText("Skip", { exact: true }).click();
  await dialog().getByRole("button", { name: "Send 1 file" }).click();
  await page.waitState("comes.txt", "done");
  expect(await kept("stays.txt")).toBe("here before");
  expect(await page.row("stays.txt").count()).toBe(0);
});

test("one answer for all of a drop, and one of its own for a file of it", async () => {
  const files = await Promise.all(["all-1.txt", "all-2.txt", "own.txt"].map((name) => taken(name)));
  await page.chooseFiles(...files);
  await dialog().getByText("3 files have names that are taken").waitFor();
  await dialog().getByText("Keep both", { exact: true }).first().click();
  await dialog().getByLabel("For own.txt").selectOption("overwrite");
  await dialog().getByRole("button", { name: "Send 3 files" }).click();
  for (const name of ["all-1.txt", "all-2.txt", "own.txt"]) await page.waitState(name, "done");
  expect(await kept("all-1.txt")).toBe("here before");
  expect(await kept("all-2 (2).txt")).toBe(await readFile(world.file("all-2.txt"), "utf8"));
  expect(await kept("own.txt")).toBe(await readFile(world.file("own.txt"), "utf8"));
});

test("a file that is there already is not sent again, whether small or large, and nobody is asked", async () => {
  const files = [world.file("again.txt"), world.file("again.bin")];
  await makeFile(files[0] ?? "", 50);
  await makeFile(files[1] ?? "", 20 * MiB);
  await page.chooseFiles(...files);
  for (const name of ["again.txt", "again.bin"]) await page.waitState(name, "done");
  await page.page.locator("[data-action-all=clear]").click();
  await page.row("again.bin").waitFor({ state: "detached" });
  calls = [];
  await page.chooseFiles(...files);
  for (const name of ["again.txt", "again.bin"]) {
    await page.waitState(name, "done");
    await page.row(name).getByText("already there").waitFor();
  }
  expect(calls).toContain("POST /api/uploads/check");
  expect(sent()).toEqual([]);
  expect((await readdir(world.kept)).filter((name) => name.startsWith("again"))).toEqual(["again.bin", "again.txt"]);
});

test("a file of the same size and time but other bytes is never taken for the same", async () => {
  const name = "twin.bin";
  const time = new Date("2026-01-02T03:04:05Z");
  for (const letter of ["a", "b"]) {
    await writeFile(world.file(name), letter.repeat(100));
    await utimes(world.file(name), time, time);
    await page.chooseFiles(world.file(name));
    await page.waitState(name, "done");
    await page.page.locator("[data-action-all=clear]").click();
    await page.row(name).waitFor({ state: "detached" });
  }
  expect(await kept(name)).toBe("a".repeat(100));
  expect(await kept("twin (2).bin")).toBe("b".repeat(100));
});

test("what asks about files is loaded while they are still being chosen", async () => {
  const loaded = page.page.waitForRequest(/\/naru-pre-flight-[^/]+\.js$/);
  const chooser = page.page.waitForEvent("filechooser");
  await page.page.locator("naru-uploader button.primary").click();
  await Promise.all([chooser, loaded]);
});

test("a file chosen before the list of unfinished uploads has come goes on with its own, and nobody is asked", async () => {
  await makeFile(world.file("begun.bin"), 20 * MiB);
  const begun = { path: "begun.bin", size: 20 * MiB };
  const made = await page.page.request.post(`${world.origin}/api/uploads`, {
    data: begun,
    headers: { origin: world.origin },
  });
  const { id } = (await made.json()) as { id: string };
  await page.page.close();
  const next = await chromium.newPage();
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await chromium.context.route("**/api/uploads", async (route) => {
    if (route.request().method() === "GET") await held;
    await route.continue();
  });
  next.on("response", (response) => {
    if (response.url().endsWith("/api/uploads/check")) release();
  });
  page = await ConsolePage.open(next, world.origin);
  await page.chooseFiles(world.file("begun.bin"));
  await page.waitState("begun.bin", "done");
  await chromium.context.unroute("**/api/uploads");
  expect(calls.some((call) => call.startsWith(`PUT /api/uploads/${id}/parts/`))).toBe(true);
  expect(await page.row("begun.bin").count()).toBe(1);
  expect(await readdir(world.kept)).not.toContain("begun (2).bin");
});

test("names that cannot be are listed with the reason, and the others are sent", async () => {
  for (const name of ["CON", "fine.txt"]) await makeFile(world.file(name), 7);
  await page.chooseFiles(world.file("CON"), world.file("fine.txt"));
  await dialog().getByText("1 file cannot be sent").waitFor();
  expect(await dialog().locator("[data-refused=CON]").textContent()).toContain("reserved by Windows");
  await page.page.keyboard.press("Enter");
  await page.waitState("fine.txt", "done");
  expect(await readdir(world.kept)).not.toContain("CON");
});

test("system files are left out with a note, and the rest goes without a question", async () => {
  const names = [".DS_Store", "Thumbs.db", "desktop.ini", "~$report.docx", "._a.jpg", "a.jpg"];
  for (const name of names) await writeFile(world.file(name), name);
  await page.chooseFiles(...names.map((name) => world.file(name)));
  await page.waitState("a.jpg", "done");
  const note = page.page.locator("naru-pre-flight .left-out");
  expect(await note.textContent()).toBe("5 system files were left out: .DS_Store, Thumbs.db, desktop.ini, ….");
  // It stands below the toolbar, which stays as it was.
  const bottom = async (button: string): Promise<number> => {
    const box = await page.page.locator(button).boundingBox();
    return (box?.y ?? 0) + (box?.height ?? 0);
  };
  expect(await bottom("button.new")).toBe(await bottom("naru-uploader button.primary"));
  expect((await note.boundingBox())?.y).toBeGreaterThanOrEqual(await bottom("button.new"));
  const there = await readdir(world.kept);
  expect(there.filter((name) => names.includes(name))).toEqual(["a.jpg"]);
  await note.getByRole("button").click();
  await note.waitFor({ state: "detached" });
});
