import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { startChromium } from "../harness/chromium.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { naru } from "../harness/naru-command.ts";

const name = "관측 자료.bin";
const size = 160 * MiB;

/** A world with one file in its bucket. */
async function worldWithFile(): Promise<{ world: BucketWorld; sha256: string }> {
  const world = await bucketWorld();
  const sha256 = await makeFile(world.file(name), size);
  await naru(world.origin, ["put", name], world.dir);
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
