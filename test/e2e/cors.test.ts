import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { openPages } from "../harness/shared-chromium.ts";

test("a bucket that does not admit the page is reached through the server, and both say so", async () => {
  await using world = await bucketWorld({ cors: false });
  const sha256 = await makeFile(world.file("no-cors.bin"), 32 * MiB);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file("no-cors.bin"));
  await page.waitState("no-cors.bin", "done");

  expect(await world.bucket.sha256("no-cors.bin")).toBe(sha256);
  expect(world.line.partsTaken.length).toBeGreaterThan(0);
  await page.page.getByText(/CORS/).first().waitFor();
  expect(world.server.output).toContain("--set-cors");
});

test("naru serve --set-cors admits the page, and parts go straight to the bucket", async () => {
  await using world = await bucketWorld();
  expect(await world.bucket.cors()).toContain(world.origin);
  await makeFile(world.file("cors.bin"), 32 * MiB);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file("cors.bin"));
  await page.waitState("cors.bin", "done");
  expect(world.line.partPuts).toHaveLength(0);
  expect(world.wire.partsTaken.length).toBeGreaterThan(0);
});
