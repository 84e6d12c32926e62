import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { type Display, openDisplay } from "../harness/display.ts";
import { naru } from "../harness/naru-command.ts";

const name = "관측 자료.bin";
const size = 160 * MiB;

/** A world with one file in its bucket. */
async function worldWithFile(folder = ""): Promise<{ world: BucketWorld; sha256: string }> {
  const world = await bucketWorld();
  const sha256 = await makeFile(world.file(name), size);
  await naru(world.origin, ["put", name, ...(folder ? ["--to", folder] : [])], world.dir);
  return { world, sha256 };
}

/** The ranges that were asked of the store since, by their first bytes. */
function rangesSince(world: BucketWorld, before: number): number {
  return world.wire.exchanges.slice(before).filter(({ method, status }) => method === "GET" && status === 206).length;
}

test("a browser killed in a download resumes it by itself, and fetches no confirmed range again", async () => {
  const { world, sha256 } = await worldWithFile();
  await using _ = world;
  const profile = world.file("profile");
  {
    await using first = await startChromium({ profile });
    const page = await ConsolePage.open(await first.newPage(), world.origin);
    world.wire.bytesPerSecond = 60 * MiB;
    await page.download(name);
    await page.waitConfirmed(name, size / 3);
    await first.kill();
  }
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  const before = world.wire.exchanges.length;
  await using second = await startChromium({ profile });
  const page = await ConsolePage.open(await second.newPage(), world.origin);
  await page.waitState(name, "done");
  expect(await stagedSha256(page.page)).toBe(sha256);
  expect(rangesSince(world, before)).toBeLessThan(10);
});

test("a download into a chosen folder resumes with one click after the browser was killed", async () => {
  const path = `자료/${name}`;
  const { world, sha256 } = await worldWithFile("자료/");
  await using _ = world;
  await using display = await openDisplay();
  const profile = world.file("profile");
  const chosen = world.file("chosen");
  await mkdir(chosen);
  {
    await using first = await startChromium({ profile, display });
    const page = await ConsolePage.open(await first.newPage(), world.origin);
    world.wire.bytesPerSecond = 60 * MiB;
    await page.askDownload(["자료/"]);
    await page.page.locator("naru-downloads [data-action=into-folder]").click();
    await display.chooseFolder(chosen);
    await saveChanges(page, path, display);
    await page.waitConfirmed(path, size / 3);
    await first.kill();
  }
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  const before = world.wire.exchanges.length;
  await using second = await startChromium({ profile, display });
  const page = await ConsolePage.open(await second.newPage(), world.origin);
  await page.waitState(path, "needs-file");
  expect(await readdir(chosen)).toEqual(["자료"]);
  // As a browser leaves it that was killed while it copied.
  await writeFile(`${chosen}/${path}.naru-part`, "");
  await writeFile(`${chosen}/${path}.naru-part.crswap`, "begun");
  // Chromium asks "Allow this site to edit files?"; its first button after Tab is "Allow".
  await page.resumeAndAllow(path, display);
  await page.waitState(path, "done");
  const there = await readFile(`${chosen}/${path}`);
  expect(createHash("sha256").update(there).digest("hex")).toBe(sha256);
  expect(await readdir(`${chosen}/자료`)).toEqual([name]);
  expect(rangesSince(world, before)).toBeLessThan(10);
});

/** Press "Save changes" when Chromium asks for the folder; before it asks, a click there does nothing. */
async function saveChanges(page: ConsolePage, path: string, display: Display): Promise<void> {
  for (let tries = 0; tries < 20; tries += 1) {
    await display.click(739, 191);
    const begun = page.row(path).first().waitFor({ state: "attached", timeout: 3000 });
    if (await begun.then(() => true).catch(() => false)) return;
  }
  throw new Error("Nothing answered the question about the chosen folder");
}

/** What lies whole in the browser's own files. */
async function stagedSha256(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const folder = await root.getDirectoryHandle("naru-downloads");
    for await (const handle of folder.values()) {
      if (!(handle instanceof FileSystemFileHandle)) continue;
      const digest = await crypto.subtle.digest("SHA-256", await (await handle.getFile()).arrayBuffer());
      return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    }
    return "nothing";
  });
}
