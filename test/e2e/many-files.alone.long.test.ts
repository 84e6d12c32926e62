import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { startNaru } from "../harness/naru-command.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { slowness } from "../harness/slowness.ts";
import { folderWorld } from "../harness/world.ts";

const count = 2000;

test("2,000 files dropped at once all arrive, and the page never freezes", async () => {
  await using world = await folderWorld();
  const folder = world.file("많은 파일");
  await mkdir(folder);
  const names = Array.from({ length: count }, (_, index) => `f${String(index).padStart(4, "0")}.bin`);
  for (const name of names) await makeFile(join(folder, name), 20 * 1024);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.page.evaluate(() => {
    let last = performance.now();
    let longest = 0;
    const frame = (): void => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      document.documentElement.dataset["longestFrame"] = String(longest);
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  await page.dropFiles(folder);
  await page.page
    .getByText(/2,000 files/)
    .first()
    .waitFor();
  await page.page
    .getByText(/All 2,000 files/)
    .first()
    .waitFor();

  expect((await readdir(join(world.kept, "많은 파일"))).filter((name) => name.startsWith("f"))).toHaveLength(count);
  for (const name of [names[0], names[777], names[1999]]) {
    const path = `많은 파일/${name}`;
    expect(await sha256File(join(world.kept, path))).toBe(await sha256File(world.file(path)));
  }
  const longest = await page.page.evaluate(() => Number(document.documentElement.dataset["longestFrame"]));
  expect(longest).toBeLessThan(1000 * slowness());
});

test("after a reload in the middle of 2,000 small files the page says how many arrived, and choosing the folder again sends the others only", async () => {
  await using world = await folderWorld();
  const folder = world.file("작은 파일");
  await mkdir(folder);
  const names = Array.from({ length: count }, (_, index) => `s${String(index).padStart(4, "0")}.txt`);
  await Promise.all(names.map((name) => writeFile(join(folder, name), `content of ${name}`)));
  const kept = async (): Promise<readonly string[]> => readdir(join(world.kept, "작은 파일")).catch(() => []);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  const batches = () => world.line.exchanges.filter(({ url }) => url.pathname === "/api/batch");
  // Three batches are answered; the answers to the next three, which are all that travel at once, are lost.
  let begun = 0;
  world.line.fault = ({ url }) => {
    if (url.pathname !== "/api/batch") return undefined;
    begun += 1;
    return begun > 3 ? { kind: "lose-answer" } : undefined;
  };
  await page.dropFiles(folder);
  const answered = () => batches().filter(({ status }) => status !== undefined);
  await world.line.until(() => answered().length === 6, 120_000);
  await page.page.locator("#tab-all", { hasText: "2,000" }).waitFor();
  await page.page.goto("about:blank");
  world.line.fault = () => undefined;

  const again = await ConsolePage.open(page.page, world.origin);
  const shown = async (tab: string): Promise<number> =>
    Number((await again.page.locator(`#tab-${tab} span`).textContent())?.replace(",", ""));
  const there = (await kept()).length;
  expect(there).toBeGreaterThan(0);
  expect(there).toBeLessThan(count);
  await again.page
    .locator("#tab-done", { hasText: there.toLocaleString("en") })
    .waitFor()
    .catch(async (cause: unknown) => {
      throw new Error(`The page does not say that ${there} arrived: ${await again.words()}`, { cause });
    });
  expect(await shown("all")).toBe(count);

  await again.page.locator("input[webkitdirectory]").setInputFiles(folder);
  await again.page
    .getByText(/All 2,000 files/)
    .first()
    .waitFor();
  expect([...(await kept())].sort()).toEqual(names);
  expect(await shown("all")).toBe(count);
  expect(await shown("done")).toBe(count);
  // In all, every file was sent once.
  const written = [...world.server.output.matchAll(/"files":(\d+),"msg":"batch written"/g)];
  expect(written.reduce((sum, [, files]) => sum + Number(files), 0)).toBe(count);

  // What has arrived as a whole is forgotten: a reload begins with an empty list.
  await again.page.reload();
  await again.page.getByText("Nothing is being sent").first().waitFor();
  await expect.poll(() => again.page.evaluate(countMarks), { timeout: 20_000 }).toBe(0);
});

/** How many entries tell how far files had come. */
function countMarks(): Promise<number> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open("naru-marks");
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const counting = opening.result.transaction("marks").objectStore("marks").count();
      counting.onerror = () => reject(counting.error);
      counting.onsuccess = () => resolve(counting.result);
      opening.result.close();
    };
  });
}

test("of small files one with a bad name is told with the reason, and the others arrive without being sent again", async () => {
  await using world = await folderWorld();
  const folder = world.file("코드");
  await mkdir(folder);
  const names = ["a.c", "aux.c", "b.c", "c.c", "d.c"];
  for (const name of names) await writeFile(join(folder, name), `int ${name.slice(0, 1)};`);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.page.locator("input[webkitdirectory]").setInputFiles(folder);
  const asking = page.page.getByRole("dialog");
  await asking.getByText("Its name is reserved by Windows").waitFor();
  await asking.getByRole("button", { name: "Send 4 files" }).click();
  for (const name of names.filter((one) => one !== "aux.c")) await page.waitState(`코드/${name}`, "done");
  expect((await readdir(join(world.kept, "코드"))).sort()).toEqual(["a.c", "b.c", "c.c", "d.c"]);
  const written = [...world.server.output.matchAll(/"files":(\d+),"msg":"batch written"/g)];
  expect(written.reduce((sum, [, files]) => sum + Number(files), 0)).toBe(names.length - 1);
  expect(
    world.line.exchanges.filter(({ method, url }) => method === "POST" && url.pathname === "/api/uploads"),
  ).toEqual([]);

  const put = startNaru(world.origin, ["put", "코드", "--to", "cli/"], world.dir);
  expect(await put.exited).toBe(1);
  expect(put.output).toMatch(/aux\.c.*device on Windows/);
  expect((await readdir(join(world.kept, "cli/코드"))).sort()).toEqual(["a.c", "b.c", "c.c", "d.c"]);
});

test("after a reload large files that had arrived are recognised by their bytes when their folder is chosen again", async () => {
  await using world = await folderWorld();
  const folder = world.file("영상");
  await mkdir(folder);
  const names = ["a.mov", "b.mov", "c.mov"];
  for (const name of names) await makeFile(join(folder, name), 3 * MiB);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  // One arrives; the parts of another do not; of the third the server alone knows that it has arrived.
  const uploads: string[] = [];
  world.line.fault = ({ url }) => {
    const [, id, call] = /^\/api\/uploads\/([^/]+)\/(parts|complete)/.exec(url.pathname) ?? [];
    if (id === undefined) return undefined;
    if (!uploads.includes(id)) uploads.push(id);
    if (call === "parts" && id === uploads[1]) return { kind: "stall", afterBytes: 0 };
    return call === "complete" && id === uploads[2] ? { kind: "lose-answer" } : undefined;
  };
  await page.page.locator("input[webkitdirectory]").setInputFiles(folder);
  await page.page.locator("#tab-done", { hasText: "1" }).waitFor();
  await world.line.until(() => world.line.exchanges.some(({ status }) => status === 0));
  await page.page.goto("about:blank");
  world.line.fault = () => undefined;
  const again = await ConsolePage.open(page.page, world.origin);
  await again.page.locator("#tab-done", { hasText: "1" }).waitFor();
  const before = world.line.partPuts.length;
  await again.page.locator("input[webkitdirectory]").setInputFiles(folder);
  await again.page
    .getByText(/All 3 files/)
    .first()
    .waitFor();
  expect((await readdir(join(world.kept, "영상"))).sort()).toEqual(names);
  for (const name of names) {
    expect(await sha256File(join(world.kept, "영상", name))).toBe(await sha256File(join(folder, name)));
  }
  expect(world.line.partPuts.length).toBe(before + 1);
});
