import { afterAll, beforeAll, expect, test } from "vitest";
import { beginAndHold, folderWorld, keyOf, leave, MiB, rangeSize, saved, stored, waitState } from "./download-world.ts";
import { adminPassword, type PageWorld } from "./page-world.ts";

let world: PageWorld;
beforeAll(async () => {
  world = await folderWorld();
});
afterAll(() => world[Symbol.asyncDispose]());

test("a folder goes to a chosen folder as a tree: what is there is skipped, and what has its name stays", async () => {
  const small = await stored(world, "나무/작은.txt", 1000);
  const other = await stored(world, "나무/가지/other.txt", 2000);
  const large = await stored(world, "나무/가지/large.bin", 70 * MiB);
  await stored(world, "나무/same.txt", 3000);
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

test("too little room is said before anything begins", async () => {
  await stored(world, "room.bin", 40 * MiB);
  const tab = await world.newTab();
  const session = await tab.context().newCDPSession(tab);
  await session.send("Storage.overrideQuotaForOrigin", { origin: world.origin, quotaSize: 20 * MiB });
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

test("of two tabs one downloads, the other shows it, can pause it, and takes over when the first is closed", async () => {
  const sha256 = await stored(world, "tabs.bin", 40 * MiB);
  const first = await world.newTab();
  const second = await world.newTab();
  const letGo = await beginAndHold(world, first, "tabs.bin");
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
  const sha256 = await stored(world, "away.bin", 40 * MiB);
  const tab = await world.newTab();
  const letGo = await beginAndHold(world, tab, "away.bin");
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
