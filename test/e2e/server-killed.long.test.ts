import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages } from "../harness/shared-chromium.ts";

test("a server killed half-way and started again is no reason to click", async () => {
  await using world = await bucketWorld();
  const name = "서버가 죽어도.bin";
  const size = 300 * MiB;
  const sha256 = await makeFile(world.file(name), size);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  world.wire.bytesPerSecond = 60 * MiB;
  await page.chooseFiles(world.file(name));
  await page.waitConfirmed(name, size / 3);
  const taken = world.wire.partsTaken;
  const putsBefore = world.wire.partPuts.length;

  await world.server.kill("SIGKILL");
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await world.server.start();

  await page.waitState(name, "done");
  expect(await world.bucket.sha256(name)).toBe(sha256);
  const again = world.wire.partPuts.slice(putsBefore).filter(({ part }) => part !== undefined && taken.includes(part));
  expect(again).toEqual([]);
});
