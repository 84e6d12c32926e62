import { createHash, randomBytes } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@naru/server";
import type { Download, Page, Route } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { adminPassword, type PageWorld, pageWorld } from "./page-world.ts";

const MiB = 1024 * 1024;
const rangeSize = 16 * MiB;

let world: PageWorld;
beforeAll(async () => {
  world = await pageWorld(async (dir) => fileStore(join(dir, "kept")));
});
afterAll(() => world[Symbol.asyncDispose]());

/** Put a file into the store, as another program would. */
async function stored(name: string, size: number): Promise<string> {
  const file = join(world.dir, "kept", name);
  await mkdir(join(file, ".."), { recursive: true });
  const bytes = randomBytes(size);
  await writeFile(file, bytes);
  return sha256Of(bytes);
}

function sha256Of(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function saved(download: Download): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(await download.path())) hash.update(chunk);
  return hash.digest("hex");
}

async function waitState(tab: Page, name: string, state: string): Promise<void> {
  await tab
    .waitForFunction(
      ([name, state]) => [...page.rows.values()].some((row) => row.name === name && row.state === state),
      [name, state] as const,
    )
    .catch(async (cause: unknown) => {
      const rows = await tab.evaluate(() => JSON.stringify([...page.rows.values()]));
      throw new Error(`"${name}" is not ${state}: ${rows}`, { cause });
    });
}

async function keyOf(tab: Page, name: string): Promise<string> {
  return tab.evaluate((name) => [...page.rows.values()].find((row) => row.name === name)?.key ?? "", name);
}

/** Close a tab, and let the next test begin with an empty list. */
async function leave(tab: Page): Promise<void> {
  await tab.evaluate(async () => {
    for (const { key } of page.rows.values()) await page.transfers.cancel(key);
    page.transfers.clear();
  });
  await tab.waitForFunction(() => page.rows.size === 0);
  await tab.close();
}

/** The ranges that pages ask for, as their first bytes. */
function rangesAsked(name: string): number[] {
  const starts: number[] = [];
  world.context.on("request", (request) => {
    if (!request.url().includes(`/api/files/${encodeURIComponent(name)}`)) return;
    const range = /bytes=(\d+)-/.exec(request.headers()["range"] ?? "");
    if (range) starts.push(Number(range[1]));
  });
  return starts;
}

/** Hold what is asked for from this byte of a file on, until it is let go. */
async function holdFrom(name: string, first: number): Promise<() => Promise<void>> {
  const held: Route[] = [];
  const isHeld = (url: URL): boolean => url.pathname.endsWith(`/api/files/${name}`);
  await world.context.route(isHeld, async (route) => {
    const [, start = "0"] = /bytes=(\d+)-/.exec(route.request().headers()["range"] ?? "") ?? [];
    if (Number(start) < first) await route.continue();
    else held.push(route);
  });
  return async () => {
    await world.context.unroute(isHeld);
    // Some are asked for no more.
    for (const route of held) await route.continue().catch(() => undefined);
  };
}

/** Begin a download of 64 MiB, of which only the first range comes. */
async function beginAndHold(tab: Page, name: string): Promise<() => Promise<void>> {
  const letGo = await holdFrom(name, rangeSize);
  await tab.evaluate((name) => page.transfers.download([name]), name);
  await tab.waitForFunction((kept) => [...page.rows.values()].some((row) => row.confirmed === kept), rangeSize);
  return letGo;
}

test("a large file is fetched by ranges, compared with the server's checksum, and saved by the browser", async () => {
  const sha256 = await stored("받을 파일.bin", 40 * MiB);
  const starts = rangesAsked("받을 파일.bin");
  const tab = await world.newTab();
  const [download] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate(() => page.transfers.download(["받을 파일.bin"])),
  ]);
  expect(download.suggestedFilename()).toBe("받을 파일.bin");
  expect(await saved(download)).toBe(sha256);
  await waitState(tab, "받을 파일.bin", "done");
  const row = await tab.evaluate(() => [...page.rows.values()][0]);
  expect(row).toMatchObject({ direction: "down", confirmed: 40 * MiB, route: "proxy", maySave: true });
  expect(new Set(starts)).toEqual(new Set([0, rangeSize, 2 * rangeSize]));

  const key = await keyOf(tab, "받을 파일.bin");
  const [again] = await Promise.all([
    tab.waitForEvent("download"),
    tab.evaluate((key) => page.transfers.save(key), key),
  ]);
  expect(await saved(again)).toBe(sha256);
  await leave(tab);
});

test("a page that is loaded again resumes by itself, and asks for no range that was kept", async () => {
  const sha256 = await stored("again.bin", 64 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(tab, "again.bin");
  const starts = rangesAsked("again.bin");
  const download = tab.waitForEvent("download");
  const opened = world.reopen(tab);
  await letGo();
  await opened;
  await waitState(tab, "again.bin", "done");
  expect(await saved(await download)).toBe(sha256);
  expect(starts).not.toContain(0);
  await leave(tab);
});

test("a pause holds it, and it resumes from where it was", async () => {
  const sha256 = await stored("pause.bin", 64 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(tab, "pause.bin");
  const key = await keyOf(tab, "pause.bin");
  await tab.evaluate((key) => page.transfers.pause(key), key);
  await waitState(tab, "pause.bin", "paused");
  expect(await tab.evaluate(() => page.totals?.mayClose)).toBe(true);
  await letGo();
  const starts = rangesAsked("pause.bin");
  const download = tab.waitForEvent("download");
  await tab.evaluate((key) => page.transfers.resume(key), key);
  expect(await saved(await download)).toBe(sha256);
  expect(starts).not.toContain(0);
  await leave(tab);
});

test("of one that is cancelled nothing is left in the browser", async () => {
  await stored("cancel.bin", 64 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(tab, "cancel.bin");
  const key = await keyOf(tab, "cancel.bin");
  await tab.evaluate((key) => page.transfers.cancel(key), key);
  await waitState(tab, "cancel.bin", "cancelled");
  const held = await tab.evaluate(async () => {
    const root = await navigator.storage.getDirectory();
    const names: string[] = [];
    for await (const name of (await root.getDirectoryHandle("naru-downloads")).keys()) names.push(name);
    return names;
  });
  expect(held.filter((name) => name.startsWith(key))).toEqual([]);
  await letGo();
  await leave(tab);
});

test("a limit holds for what is received too", async () => {
  await stored("limit.bin", 20 * MiB);
  const tab = await world.newTab();
  const began = performance.now();
  await tab.evaluate(() => page.transfers.setLimit(10 * 1024 * 1024));
  await tab.evaluate(() => page.transfers.download(["limit.bin"]));
  await waitState(tab, "limit.bin", "done");
  expect(performance.now() - began).toBeGreaterThan(1500);
  await tab.evaluate(() => page.transfers.setLimit(undefined));
  await leave(tab);
});

test("a file that changes between two ranges fails with what happened, and starts again when it is told to", async () => {
  await stored("change.bin", 64 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(tab, "change.bin");
  const sha256 = await stored("change.bin", 40 * MiB);
  await letGo();
  await waitState(tab, "change.bin", "failed");
  expect(await tab.evaluate(() => [...page.rows.values()].map(({ error }) => error?.code))).toEqual(["file-changed"]);
  const download = tab.waitForEvent("download");
  await tab.evaluate((key) => page.transfers.retry(key), await keyOf(tab, "change.bin"));
  expect(await saved(await download)).toBe(sha256);
  await leave(tab);
});

test("too little room is said before anything begins", async () => {
  await stored("room.bin", 40 * MiB);
  const tab = await world.newTab();
  const session = await tab.context().newCDPSession(tab);
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.origin, quotaSize: 50 * MiB });
  const code = await tab.evaluate(() =>
    page.transfers.download(["room.bin"]).then(
      () => "begun",
      (error: { code: string }) => error.code,
    ),
  );
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.origin });
  expect(code).toBe("no-space");
  expect(await tab.evaluate(() => [...page.rows.values()].filter(({ name }) => name === "room.bin"))).toEqual([]);
  await leave(tab);
});

test("a folder goes to a chosen folder as a tree: what is there is skipped, and what has its name stays", async () => {
  const small = await stored("나무/작은.txt", 1000);
  const other = await stored("나무/가지/other.txt", 2000);
  const large = await stored("나무/가지/large.bin", 70 * MiB);
  await stored("나무/same.txt", 3000);
  const tab = await world.newTab();
  await tab.evaluate(async () => {
    const root = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen", { create: true });
    const tree = await root.getDirectoryHandle("나무", { create: true });
    const branch = await tree.getDirectoryHandle("가지", { create: true });
    const write = async (folder: FileSystemDirectoryHandle, name: string, data: Blob): Promise<void> => {
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await stream.write(data);
      await stream.close();
    };
    await write(branch, "other.txt", new Blob(["what was here before"]));
    const same = await fetch(`/api/files/${encodeURIComponent("나무")}/same.txt`);
    await write(tree, "same.txt", await same.blob());
  });
  await tab.evaluate(async () => {
    const into = await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen");
    await page.transfers.download(["나무/"], { into });
  });
  await tab.waitForFunction(
    () => page.rows.size === 4 && [...page.rows.values()].every(({ state }) => state === "done"),
  );
  const found = await tab.evaluate(async () => {
    const files: Record<string, string> = {};
    const look = async (folder: FileSystemDirectoryHandle, path: string): Promise<void> => {
      for await (const [name, handle] of folder.entries()) {
        if (handle instanceof FileSystemDirectoryHandle) await look(handle, `${path}${name}/`);
        else if (handle instanceof FileSystemFileHandle) {
          const digest = await crypto.subtle.digest("SHA-256", await (await handle.getFile()).arrayBuffer());
          files[path + name] = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
        }
      }
    };
    await look(await (await navigator.storage.getDirectory()).getDirectoryHandle("chosen"), "");
    return files;
  });
  expect(found).toMatchObject({
    "나무/작은.txt": small,
    "나무/가지/other (2).txt": other,
    "나무/가지/large.bin": large,
  });
  expect(Object.keys(found).toSorted()).toEqual(
    ["가지/large.bin", "가지/other (2).txt", "가지/other.txt", "same.txt", "작은.txt"]
      .map((name) => `나무/${name}`)
      .toSorted(),
  );
  await leave(tab);
});

test("of two tabs one downloads, the other shows it, can pause it, and takes over when the first is closed", async () => {
  const sha256 = await stored("tabs.bin", 64 * MiB);
  const first = await world.newTab();
  const second = await world.newTab();
  const letGo = await beginAndHold(first, "tabs.bin");
  await second.waitForFunction((kept) => [...page.rows.values()].some((row) => row.confirmed === kept), rangeSize);
  const row = await second.evaluate(() => [...page.rows.values()][0]);
  expect(row).toMatchObject({ elsewhere: true, direction: "down", state: "downloading" });
  const key = await keyOf(second, "tabs.bin");
  await second.evaluate((key) => page.transfers.pause(key), key);
  await waitState(first, "tabs.bin", "paused");
  const download = second.waitForEvent("download");
  await letGo();
  await first.close();
  await waitState(second, "tabs.bin", "done");
  expect(await saved(await download)).toBe(sha256);
  await leave(second);
});

test("when the session has ended it waits, and resumes after signing in again", async () => {
  const sha256 = await stored("away.bin", 64 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(tab, "away.bin");
  const key = await keyOf(tab, "away.bin");
  await tab.evaluate((key) => page.transfers.pause(key), key);
  await world.context.clearCookies();
  await letGo();
  await tab.evaluate((key) => page.transfers.resume(key), key);
  await tab.waitForFunction(() => [...page.rows.values()].some(({ error }) => error?.code === "unauthenticated"));
  const download = tab.waitForEvent("download");
  await tab.evaluate((password) => signIn("admin", password), adminPassword);
  expect(await saved(await download)).toBe(sha256);
  await leave(tab);
});
