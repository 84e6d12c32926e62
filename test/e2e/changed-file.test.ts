import { utimes } from "node:fs/promises";
import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { naru, startNaru } from "../harness/naru-command.ts";

const name = "changing.bin";
const size = 80 * MiB;

for (const [what, newSize] of [
  ["of another size", size + 1],
  ["of the same size and another time", size],
] as const) {
  test(`a file ${what} is refused with words, and none of it is sent`, async () => {
    await using world = await bucketWorld();
    await makeFile(world.file(name), size);
    const profile = world.file("profile");
    await using first = await startChromium({ profile });
    const before = await ConsolePage.open(await first.newPage(), world.origin);
    world.wire.bytesPerSecond = 10 * MiB;
    await before.chooseFiles(world.file(name));
    await before.waitConfirmed(name, size / 4);
    await first.kill();
    await makeFile(world.file(name), newSize);
    await utimes(world.file(name), new Date(), new Date("2026-11-01T00:00:00Z"));

    await using second = await startChromium({ profile });
    const page = await ConsolePage.open(await second.newPage(), world.origin);
    await page.waitState(name, "needs-file");
    const puts = world.wire.partPuts.length;
    await page.chooseAgain(name, world.file(name));
    await page.page
      .getByText(/another file|changed/i)
      .first()
      .waitFor();
    expect(["needs-file", "failed"]).toContain(await page.state(name));
    expect(world.wire.partPuts).toHaveLength(puts);
    expect(await world.bucket.sha256(name)).toBeUndefined();
  });
}

test("a file changed between two runs of the command is never mixed from both", async () => {
  await using world = await bucketWorld();
  await makeFile(world.file(name), size);
  world.wire.bytesPerSecond = 30 * MiB;
  const put = startNaru(world.origin, ["put", name, "--json"], world.dir);
  await world.wire.until(() => world.wire.partsTaken.length >= 2);
  await put.kill("SIGKILL");
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  const sha256 = await makeFile(world.file(name), size);

  await naru(world.origin, ["put", name, "--json"], world.dir);
  const { stdout } = await naru(world.origin, ["ls"], world.dir);
  expect(stdout).toContain("changing");
  expect(await world.bucket.sha256(name)).toBe(sha256);
});
