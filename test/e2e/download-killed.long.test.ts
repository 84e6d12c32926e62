import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { type Display, openDisplay } from "../harness/display.ts";
import { naru } from "../harness/naru-command.ts";

const name = "관측 자료.bin";
const size = 160 * MiB;

/** A world with one file in its bucket. */
async function worldWithFile(): Promise<{ world: BucketWorld; sha256: string }> {
  const world = await bucketWorld();
  const sha256 = await makeFile(world.file(name), size);
  await makeFile(world.file("small.bin"), 1000);
  await naru(world.origin, ["put", name, "small.bin"], world.dir);
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
  const { world, sha256 } = await worldWithFile();
  await using _ = world;
  const folder = world.file("받는 폴더");
  await mkdir(folder);
  const profile = world.file("profile");
  await using display = await openDisplay();
  {
    await using first = await startChromium({ profile, display });
    const page = await ConsolePage.open(await first.newPage(), world.origin);
    await chooseFolder(page, folder, display);
    world.wire.bytesPerSecond = 60 * MiB;
    await page.askDownload([name, "small.bin"]);
    await page.page.locator("naru-downloads [data-action=into-folder]").click();
    await page.waitConfirmed(name, size / 3);
    await first.kill();
  }
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await using second = await startChromium({ profile, display });
  const page = await ConsolePage.open(await second.newPage(), world.origin);
  await page.waitState(name, "needs-file");
  await page.button(name, "resume").click();
  // Chromium asks twice: to read the folder, and to write to it. Each ignores keys at first; after Tab, Return allows.
  const answered = page.row(name).and(page.page.locator(':not([data-state="needs-file"])'));
  for (let asked = 0; asked < 8; asked += 1) {
    const isAnswered = answered.waitFor({ state: "attached", timeout: 4000 });
    if (
      await isAnswered.then(
        () => true,
        () => false,
      )
    )
      break;
    await display.press("Tab");
    await display.press("Return");
  }
  await page.waitState(name, "done");
  expect((await readdir(folder)).toSorted()).toEqual(["small.bin", name]);
  expect(await sha256File(join(folder, name))).toBe(sha256);
});

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

/** Drop a real folder onto the page, let the browser write to it, and have the page choose that one when it asks. */
async function chooseFolder(page: ConsolePage, folder: string, display: Display): Promise<void> {
  await page.page.evaluate(() => {
    interface Permitting {
      requestPermission(options: { mode: "readwrite" }): Promise<PermissionState>;
    }
    interface Handed {
      getAsFileSystemHandle(): Promise<FileSystemDirectoryHandle & Permitting>;
    }
    const take = async (event: DragEvent): Promise<void> => {
      event.preventDefault();
      event.stopImmediatePropagation();
      // The types of a page do not know it yet.
      const item = event.dataTransfer?.items[0] as (DataTransferItem & Handed) | undefined;
      const handle = await item?.getAsFileSystemHandle();
      const button = document.body.appendChild(document.createElement("button"));
      button.id = "permit";
      button.style.position = "fixed";
      button.style.inset = "0";
      button.style.zIndex = "99";
      button.onclick = async () => {
        const permission = await handle?.requestPermission({ mode: "readwrite" });
        if (permission !== "granted") return;
        Object.assign(window, { showDirectoryPicker: async () => handle });
        button.remove();
      };
    };
    window.addEventListener("drop", (event) => void take(event), { capture: true, once: true });
  });
  await page.dropFiles(folder);
  const button = page.page.locator("#permit");
  await button.waitFor();
  const isGone = (): Promise<boolean> =>
    button.waitFor({ state: "detached", timeout: 3000 }).then(
      () => true,
      () => false,
    );
  for (let asked = 0; asked < 3; asked += 1) {
    await button.click();
    // Its first button after Tab lets the page write; keys are ignored at first.
    await isGone();
    await display.press("Tab");
    for (let tries = 0; tries < 4; tries += 1) {
      await display.press("Return");
      if (await isGone()) return;
    }
  }
  throw new Error("Nothing answered the question about the folder");
}
