import { randomBytes } from "node:crypto";
import { readdir, readFile, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileStore } from "@naru/server";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { type PageWorld, pageWorld } from "./page-world.ts";

const MiB = 1024 * 1024;

async function folderWorld(): Promise<PageWorld & { kept(path: string): Promise<Buffer> }> {
  const world = await pageWorld(async (dir) => fileStore(join(dir, "kept")));
  return { ...world, kept: (path) => readFile(join(world.dir, "kept", path)) };
}

async function makeFile(world: PageWorld, name: string, size: number): Promise<Buffer> {
  const bytes = randomBytes(size);
  await writeFile(join(world.dir, name), bytes);
  return bytes;
}

async function choose(tab: Page, world: PageWorld, name: string): Promise<void> {
  await tab.setInputFiles("input", join(world.dir, name));
}

async function addChosen(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    const files = page.chosen().map((file) => ({ path: file.name, file }));
    return page.transfers.add(files, { to: "" });
  });
}

async function waitState(tab: Page, state: string): Promise<void> {
  await tab.waitForFunction((wanted) => [...page.rows.values()].some((row) => row.state === wanted), state);
}

/** Let the page's requests through at this speed. */
async function slowDown(tab: Page, bytesPerSecond: number): Promise<void> {
  const session = await tab.context().newCDPSession(tab);
  const [offline, latency] = [false, 0];
  await session.send("Network.emulateNetworkConditions", {
    offline,
    latency,
    downloadThroughput: -1,
    uploadThroughput: bytesPerSecond,
  });
}

test("a large file arrives as it is, by parts", async () => {
  await using world = await folderWorld();
  const bytes = await makeFile(world, "large.bin", 40 * MiB);
  const tab = await world.newTab();
  await choose(tab, world, "large.bin");
  await addChosen(tab);
  await waitState(tab, "done");
  expect(bytes.equals(await world.kept("large.bin"))).toBe(true);
  await tab.waitForFunction(() => page.arrived.length === 1 && page.totals?.mayClose === true);
});

test("many small files arrive in few requests", async () => {
  await using world = await folderWorld();
  const tab = await world.newTab();
  const posts: string[] = [];
  world.context.on("request", (request) => posts.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await tab.evaluate(() => {
    const files = Array.from({ length: 500 }, (_, index) => {
      const file = new File([`file ${index}`], `f${index}.txt`);
      return { path: `many/${file.name}`, file };
    });
    return page.transfers.add(files, { to: "" });
  });
  await tab.waitForFunction(() => page.totals?.done === 500);
  expect(await readdir(join(world.dir, "kept", "many"))).toHaveLength(500);
  expect(String(await world.kept("many/f321.txt"))).toBe("file 321");
  expect(posts.filter((post) => post === "POST /api/uploads")).toEqual([]);
});

test("what arrived before the last files of its folder were found is still known after a reload", async () => {
  await using world = await folderWorld();
  const tab = await world.newTab();
  await world.context.route("**/api/batch", async (route) => {
    // What has the last file never arrives.
    if (route.request().postDataBuffer()?.includes("d/3") !== true) await route.continue();
  });
  await tab.evaluate(() => {
    const fileAt = (path: string) => ({ path, file: new File([path], path.slice(2)) });
    async function* slowly() {
      yield fileAt("d/1");
      // What was found is sent when more is found after a while.
      await new Promise((later) => setTimeout(later, 150));
      yield fileAt("d/2");
      while (page.totals?.done !== 2) await new Promise((later) => setTimeout(later, 20));
      yield fileAt("d/3");
    }
    return page.transfers.add(slowly(), { to: "" });
  });
  await tab.waitForFunction(() => [...page.rows.values()].filter(({ state }) => state === "uploading").length === 1);
  await world.reopen(tab);
  await waitState(tab, "needs-file");
  const states = await tab.evaluate(() => [...page.rows.values()].map(({ path, state }) => `${path} ${state}`).sort());
  expect(states).toEqual(["d/1 done", "d/2 done", "d/3 needs-file"]);
});

test("after a reload a file is chosen again: another one is refused, the right one goes on", async () => {
  await using world = await folderWorld();
  const bytes = await makeFile(world, "again.bin", 64 * MiB);
  const other = Buffer.from(bytes);
  other.fill(0);
  const tab = await world.newTab();
  await choose(tab, world, "again.bin");
  // Cut off after the first receipts: the rest of the parts never get out.
  let parts = 0;
  await world.context.route(/\/parts\/\d+$/, async (route) => {
    parts += 1;
    if (parts > 2) await route.abort("connectionreset");
    else await route.continue();
  });
  await addChosen(tab);
  await tab.waitForFunction(() => (page.totals?.confirmed ?? 0) > 0);
  await world.reopen(tab);
  await waitState(tab, "needs-file");
  await world.context.unroute(/\/parts\/\d+$/);
  const sent: string[] = [];
  world.context.on("request", (request) => {
    if (request.method() === "PUT") sent.push(request.url());
  });

  const { mtime } = await import("node:fs/promises").then(({ stat }) => stat(join(world.dir, "again.bin")));
  await writeFile(join(world.dir, "again.bin"), other);
  await utimes(join(world.dir, "again.bin"), mtime, mtime);
  await choose(tab, world, "again.bin");
  const refused = await tab.evaluate(async () => {
    const [row] = page.rows.values();
    const [file] = page.chosen();
    if (!row || !file) return "nothing to choose";
    return page.transfers.choose(row.key, { path: row.path, file }).then(
      () => "taken",
      (error: Error) => error.message,
    );
  });
  expect(refused).toContain("its content is not what was sent before");
  expect(sent).toEqual([]);

  await writeFile(join(world.dir, "again.bin"), bytes);
  await utimes(join(world.dir, "again.bin"), mtime, mtime);
  await choose(tab, world, "again.bin");
  await addChosen(tab);
  await waitState(tab, "done");
  expect(bytes.equals(await world.kept("again.bin"))).toBe(true);
});

test("another tab mirrors, can pause and resume, and takes over when the first is closed", async () => {
  await using world = await folderWorld();
  const bytes = await makeFile(world, "tabs.bin", 48 * MiB);
  const first = await world.newTab();
  const second = await world.newTab();
  await choose(first, world, "tabs.bin");
  await world.context.route(/\/parts\/\d+$/, () => undefined);
  await addChosen(first);
  await second.waitForFunction(() => [...page.rows.values()].some((row) => row.elsewhere && row.state === "uploading"));
  const key = await second.evaluate(() => [...page.rows.keys()][0] ?? "");
  await second.evaluate((row) => page.transfers.pause(row), key);
  await waitState(first, "paused");
  await first.close();
  await second.waitForFunction(() => [...page.rows.values()].some((row) => !row.elsewhere && row.needs === "file"));
  await world.context.unroute(/\/parts\/\d+$/);
  await choose(second, world, "tabs.bin");
  await addChosen(second);
  await waitState(second, "done");
  expect(bytes.equals(await world.kept("tabs.bin"))).toBe(true);
});

/** Somebody else of the same account takes the upload over: as the agent that opened the row's link. */
async function takeElsewhere(tab: Page, upload: string) {
  const { protocol, host } = new URL(tab.url());
  const cookies = await tab.context().cookies();
  const headers = { cookie: cookies.map(({ name, value }) => `${name}=${value}`).join("; ") };
  const place = `${protocol}//${host}/api/uploads/${upload}`;
  const call = async (path: string, init: RequestInit): Promise<Response> => {
    const answer = await fetch(place + path, init);
    if (!answer.ok) throw new Error(await answer.text());
    return answer;
  };
  const resumed = await call("/resume", { method: "POST", headers });
  const { epoch, partSize, receipts } = (await resumed.json()) as {
    epoch: number;
    partSize: number;
    receipts: { number: number }[];
  };
  return { call, headers, epoch, partSize, receipts };
}

async function finishElsewhere(tab: Page, upload: string, bytes: Buffer): Promise<void> {
  const { call, headers, epoch, partSize, receipts } = await takeElsewhere(tab, upload);
  const leased = { ...headers, "naru-epoch": String(epoch) };
  for (let number = 1; (number - 1) * partSize < bytes.length; number += 1) {
    if (receipts.some((receipt) => receipt.number === number)) continue;
    const body = new Uint8Array(bytes.subarray((number - 1) * partSize, number * partSize));
    await call(`/parts/${number}`, { method: "PUT", headers: leased, body });
    await tab.waitForFunction(() => [...page.rows.values()].some(({ elsewhere }) => elsewhere));
  }
  const json = { ...leased, "content-type": "application/json" };
  await call("/complete", { method: "POST", headers: json, body: "{}" });
}

function handOverUpload(tab: Page): Promise<string> {
  return tab.evaluate(async () => {
    const [row] = page.rows.values();
    return (row && (await page.transfers.handOverUpload(row.key))) ?? "";
  });
}

test("an offered row goes on until its upload is taken over, follows it then, and is done when it is: one file", async () => {
  await using world = await folderWorld();
  const bytes = await makeFile(world, "offered.bin", 96 * MiB);
  const tab = await world.newTab();
  await slowDown(tab, 16 * MiB);
  await choose(tab, world, "offered.bin");
  await addChosen(tab);
  await tab.waitForFunction(() => (page.totals?.confirmed ?? 0) > 0);
  const upload = await handOverUpload(tab);
  const before = await tab.evaluate(() => page.totals?.confirmed ?? 0);
  await tab.waitForFunction((confirmed) => (page.totals?.confirmed ?? 0) > confirmed, before);
  await finishElsewhere(tab, upload, bytes);
  await waitState(tab, "done");
  await tab.waitForFunction(() => page.arrived.length === 1 && page.totals?.mayClose === true);
  expect(await readdir(join(world.dir, "kept"))).toEqual(expect.arrayContaining(["offered.bin"]));
  expect(bytes.equals(await world.kept("offered.bin"))).toBe(true);
  expect((await readdir(join(world.dir, "kept"))).filter((name) => name.startsWith("offered"))).toHaveLength(1);
});

test("a row of which much is left is sent from here again as soon as it is taken back", async () => {
  await using world = await folderWorld();
  await writeFile(join(world.dir, "back.bin"), "");
  await truncate(join(world.dir, "back.bin"), 256 * MiB);
  const tab = await world.newTab();
  await slowDown(tab, 2 * MiB);
  await choose(tab, world, "back.bin");
  await addChosen(tab);
  await waitState(tab, "uploading");
  const id = await handOverUpload(tab);
  const { epoch } = await takeElsewhere(tab, id);
  await tab.waitForFunction(() => [...page.rows.values()].some(({ elsewhere }) => elsewhere));
  await tab.evaluate(() => page.transfers.takeBack([...page.rows.keys()][0] ?? ""));
  await tab.waitForFunction(() => [...page.rows.values()].some((row) => !row.elsewhere && row.state === "uploading"));
  const upload = await tab.evaluate(async (id) => (await fetch(`/api/uploads/${id}`)).json(), id);
  expect(upload).toMatchObject({ epoch: epoch + 1 });
});

for (const rest of ["paused", "needs-file"] as const) {
  test(`an offered row that is ${rest} learns that it was taken over, and is done when the file is`, async () => {
    await using world = await folderWorld();
    const bytes = await makeFile(world, "resting.bin", 96 * MiB);
    const tab = await world.newTab();
    await slowDown(tab, 16 * MiB);
    await choose(tab, world, "resting.bin");
    await addChosen(tab);
    await tab.waitForFunction(() => (page.totals?.confirmed ?? 0) > 0);
    if (rest === "paused") await tab.evaluate(() => page.transfers.pauseAll());
    else await world.reopen(tab);
    await waitState(tab, rest);
    await finishElsewhere(tab, await handOverUpload(tab), bytes);
    await waitState(tab, "done");
    await tab.waitForFunction(() => page.arrived.length === 1);
    expect(bytes.equals(await world.kept("resting.bin"))).toBe(true);
  });
}

test("cancel forgets the upload at the server, and clear takes the row away", async () => {
  await using world = await folderWorld();
  await makeFile(world, "cancel.bin", 32 * MiB);
  const tab = await world.newTab();
  await choose(tab, world, "cancel.bin");
  await slowDown(tab, 1 * MiB);
  await addChosen(tab);
  await waitState(tab, "uploading");
  await tab.evaluate(() => page.transfers.cancel([...page.rows.keys()][0] ?? ""));
  await waitState(tab, "cancelled");
  expect(await tab.evaluate(async () => (await fetch("/api/uploads")).json())).toEqual({ uploads: [] });
  await tab.evaluate(() => page.transfers.clear());
  await tab.waitForFunction(() => page.rows.size === 0);
});

test("a file that is added with an upload begun elsewhere goes on with its parts", async () => {
  await using world = await folderWorld();
  const bytes = await makeFile(world, "taken.bin", 96 * MiB);
  const tab = await world.newTab();
  await slowDown(tab, 16 * MiB);
  await choose(tab, world, "taken.bin");
  await addChosen(tab);
  await tab.waitForFunction(() => [...page.rows.values()].some(({ confirmed }) => confirmed > 0));
  // As when the agent is given it: the row goes, its upload stays.
  const { upload, path } = await tab.evaluate(async () => {
    const [row] = page.rows.values();
    const handedOver = await page.transfers.handOverFile(row?.key ?? "");
    await page.transfers.release(row?.key ?? "");
    return { upload: handedOver.upload, path: handedOver.path };
  });
  await slowDown(tab, -1);
  const made: string[] = [];
  world.context.on("request", (request) => made.push(`${request.method()} ${new URL(request.url()).pathname}`));
  await tab.evaluate(
    ([path, upload]) =>
      page.transfers.add(
        page.chosen().map((file) => ({ path, file, upload })),
        { to: "" },
      ),
    [path, upload ?? ""] as const,
  );
  await waitState(tab, "done");
  expect(bytes.equals(await world.kept("taken.bin"))).toBe(true);
  expect(made).toContain(`POST /api/uploads/${upload}/complete`);
  expect(made).not.toContain("POST /api/uploads");
  expect(made).not.toContain(`PUT /api/uploads/${upload}/parts/1`);
});
