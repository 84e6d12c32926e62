import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages } from "../harness/shared-chromium.ts";

test("of two tabs one sends each part, and the other shows how far it is", async () => {
  await using world = await bucketWorld();
  const name = "two-tabs.bin";
  const size = 90 * MiB;
  const sha256 = await makeFile(world.file(name), size);
  await using chromium = await openPages();
  const first = await ConsolePage.open(await chromium.newPage(), world.origin);
  const second = await ConsolePage.open(await chromium.newPage(), world.origin);
  world.wire.bytesPerSecond = 30 * MiB;
  await first.chooseFiles(world.file(name));
  await first.waitConfirmed(name, size / 8);
  await second.waitConfirmed(name, size / 8);
  // Much is left when the third has opened, on slow machines too.
  world.wire.bytesPerSecond = 3 * MiB;
  expect(await second.state(name)).toBe("uploading");
  await second.page
    .getByText(/another tab/)
    .first()
    .waitFor();

  // A tab opened in the middle mirrors too.
  const third = await ConsolePage.open(await chromium.newPage(), world.origin);
  await third.waitConfirmed(name, size / 8);
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  await Promise.all([first, second, third].map((page) => page.waitState(name, "done")));

  expect(await world.bucket.sha256(name)).toBe(sha256);
  const parts = world.wire.partPuts.map(({ part }) => part);
  expect(parts).toHaveLength(new Set(parts).size);
});
