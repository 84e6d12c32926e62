import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { type Chromium, startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openDisplay } from "../harness/display.ts";

const name = "실험 결과.bin";
const size = 300 * MiB;

/** Upload until a third is confirmed, then kill the browser. Gives the parts that the store had taken. */
async function killHalfWay(
  world: BucketWorld,
  chromium: Chromium,
  send: (page: ConsolePage) => Promise<void>,
): Promise<readonly number[]> {
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  world.wire.bytesPerSecond = 60 * MiB;
  await send(page);
  await page.waitConfirmed(name, size / 3);
  const taken = world.wire.partsTaken;
  await chromium.kill();
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  return taken;
}

function sentSince(world: BucketWorld, before: number): readonly (number | undefined)[] {
  return world.wire.partPuts.slice(before).map(({ part }) => part);
}

test("a browser killed half-way goes on with one click, and sends no confirmed part again", async () => {
  await using world = await bucketWorld();
  const file = world.file(name);
  const sha256 = await makeFile(file, size);
  await using display = await openDisplay();
  const profile = world.file("profile");
  await using first = await startChromium({ profile, display });
  const taken = await killHalfWay(world, first, (page) => page.dropFiles(file));
  const putsBefore = world.wire.partPuts.length;
  expect(taken.length).toBeGreaterThan(3);

  await using second = await startChromium({ profile, display });
  const page = await ConsolePage.open(await second.newPage(), world.origin);
  await page.waitState(name, "needs-file");
  await page.resumeAndAllow(name, display);
  await page.waitState(name, "done");

  expect(await world.bucket.sha256(name)).toBe(sha256);
  expect(sentSince(world, putsBefore).filter((part) => part !== undefined && taken.includes(part))).toEqual([]);
});

test("a browser that keeps no handle goes on when the file is chosen again", async () => {
  await using world = await bucketWorld();
  const file = world.file(name);
  const sha256 = await makeFile(file, size);
  const profile = world.file("profile");
  await using first = await startChromium({ profile });
  const taken = await killHalfWay(world, first, (page) => page.chooseFiles(file));
  const putsBefore = world.wire.partPuts.length;

  await using second = await startChromium({ profile });
  const page = await ConsolePage.open(await second.newPage(), world.origin);
  await page.waitState(name, "needs-file");
  await page.chooseAgain(name, file);
  await page.waitState(name, "done");

  expect(await world.bucket.sha256(name)).toBe(sha256);
  expect(sentSince(world, putsBefore).filter((part) => part !== undefined && taken.includes(part))).toEqual([]);
});

test("an unfinished upload shows on any browser I sign in to, and goes on there", async () => {
  await using world = await bucketWorld();
  const file = world.file(name);
  const sha256 = await makeFile(file, size);
  await using first = await startChromium({ profile: world.file("profile-1") });
  const taken = await killHalfWay(world, first, (page) => page.chooseFiles(file));
  const putsBefore = world.wire.partPuts.length;

  await using second = await startChromium({ profile: world.file("profile-2") });
  const page = await ConsolePage.open(await second.newPage(), world.origin);
  await page.waitState(name, "needs-file");
  expect(await page.confirmed(name)).toBeGreaterThan(size / 4);
  await page.chooseAgain(name, file);
  await page.waitState(name, "done");

  expect(await world.bucket.sha256(name)).toBe(sha256);
  expect(sentSince(world, putsBefore).filter((part) => part !== undefined && taken.includes(part))).toEqual([]);
});
