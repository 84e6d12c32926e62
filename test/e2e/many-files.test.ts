import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { makeFile, sha256File } from "../harness/big-file.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { slowness } from "../harness/slowness.ts";
import { folderWorld } from "../harness/world.ts";

const count = 2000;

test("2,000 files dropped at once all arrive, and the page never freezes", async () => {
  await using world = await folderWorld();
  const folder = world.file("많은 파일");
  await mkdir(folder);
  const names = Array.from({ length: count }, (_, index) => `f${String(index).padStart(4, "0")}.bin`);
  for (const name of names) await makeFile(join(folder, name), 20 * 1024);
  await using chromium = await startChromium({ profile: world.file("profile") });
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
    .waitFor({ timeout: 60_000 });
  await page.page
    .getByText(/All 2,000 files/)
    .first()
    .waitFor({ timeout: 120_000 });

  expect((await readdir(join(world.kept, "많은 파일"))).filter((name) => name.startsWith("f"))).toHaveLength(count);
  for (const name of [names[0], names[777], names[1999]]) {
    const path = `많은 파일/${name}`;
    expect(await sha256File(join(world.kept, path))).toBe(await sha256File(world.file(path)));
  }
  const longest = await page.page.evaluate(() => Number(document.documentElement.dataset["longestFrame"]));
  expect(longest).toBeLessThan(1000 * slowness());
});
