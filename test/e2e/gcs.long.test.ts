/** Google Cloud Storage from end to end, by a service account: its words and signatures in front of the real store. */

import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { fileLine, naru, startNaru } from "../harness/naru-command.ts";
import { openPages } from "../harness/shared-chromium.ts";

const size = 100 * MiB;

test("naru put (direct), killed half-way and run again, sends only what was missing, and get brings it back", async () => {
  await using world = await bucketWorld({ google: true, cors: false });
  const name = "구글 (1) +&.bin";
  const sha256 = await makeFile(world.file(name), size);
  world.wire.bytesPerSecond = 40 * MiB;
  const put = startNaru(world.origin, ["put", name, "--route", "direct", "--json"], world.dir);
  await world.wire.until(() => world.wire.partsTaken.length >= 2);
  await put.kill("SIGKILL");
  const taken = world.wire.partsTaken;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;

  const line = fileLine(await naru(world.origin, ["put", name, "--route", "direct", "--json"], world.dir));
  expect(line).toMatchObject({ path: name, size, route: "direct" });
  expect(line.partsSkipped).toBeGreaterThanOrEqual(taken.length);
  expect(world.line.partPuts).toHaveLength(0);
  expect(await world.bucket.sha256(name)).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);

  await naru(world.origin, ["get", name, "back.bin"], world.dir);
  expect(await sha256File(world.file("back.bin"))).toBe(sha256);
});

test("naru put through the server arrives whole, and rm removes it", async () => {
  await using world = await bucketWorld({ google: true, cors: false });
  const sha256 = await makeFile(world.file("proxy.bin"), 40 * MiB);
  const put = await naru(world.origin, ["put", "proxy.bin", "--route", "proxy", "--json"], world.dir);
  expect(fileLine(put)).toMatchObject({ route: "proxy" });
  expect(await world.bucket.sha256("proxy.bin")).toBe(sha256);
  await naru(world.origin, ["rm", "proxy.bin"], world.dir);
  expect(await world.bucket.sha256("proxy.bin")).toBeUndefined();
});

test("the page sends straight to Google, whose CORS rules naru serve --set-cors has written", async () => {
  await using world = await bucketWorld({ google: true });
  const sha256 = await makeFile(world.file("page.bin"), 40 * MiB);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file("page.bin"));
  await page.waitState("page.bin", "done");
  expect(world.line.partPuts).toHaveLength(0);
  expect(world.wire.partsTaken.length).toBeGreaterThan(0);
  expect(await world.bucket.sha256("page.bin")).toBe(sha256);
});
