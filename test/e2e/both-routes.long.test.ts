import { createHash, randomBytes } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { s3Store } from "@naru/server";
import { expect, test } from "vitest";
import { pageWorld } from "../../packages/client/test/browser/page-world.ts";
import { layWire } from "../harness/wire.ts";
import { ceph, makeBucket } from "../peers/shared-ceph.ts";

const MiB = 1024 * 1024;

interface Line {
  /** Bytes per second of each connection to the store. */
  readonly each?: number;
  readonly bothRoutes?: boolean;
  /** What the server answers to its part so many. */
  readonly refuses?: boolean;
}

/** Send a file from the page over a line to the store, and tell by which routes its parts went. */
async function sent(size: number, { each = Number.POSITIVE_INFINITY, bothRoutes, refuses = false }: Line) {
  const { endpoint, accessKey: accessKeyId, secretKey: secretAccessKey } = ceph();
  await using wire = await layWire(endpoint);
  wire.bytesPerSecondEach = each;
  const credentials = async () => ({ accessKeyId, secretAccessKey });
  const place = { bucket: await makeBucket(), endpoint, publicEndpoints: [wire.origin], region: "us-east-1" };
  const store = s3Store({ ...place, style: "path", credentials });
  await using world = await pageWorld(async () => store, { bothRoutes });
  await store.setCors([world.origin]);
  const bytes = randomBytes(size);
  await writeFile(join(world.dir, "long.bin"), bytes);
  let through = 0;
  await world.context.route("**/api/uploads/*/parts/*", (route) => {
    through += 1;
    return refuses ? route.fulfill({ status: 502, body: "" }) : route.continue();
  });
  const tab = await world.newTab();
  await tab.setInputFiles("input", join(world.dir, "long.bin"));
  await tab.evaluate(() => {
    const files = page.chosen().map((file) => ({ path: file.name, file }));
    return page.transfers.add(files, { to: "" });
  });
  await tab.waitForFunction(() => page.totals?.done === 1, { timeout: 120_000 });
  const md5 = createHash("md5");
  for await (const chunk of await store.read("long.bin")) md5.update(chunk);
  expect(md5.digest("hex")).toBe(createHash("md5").update(bytes).digest("hex"));
  const routes = await tab.evaluate(() => [...page.rows.values()].map((row) => row.route));
  await store.close();
  return { straight: new Set(wire.partsTaken).size, through, routes };
}

test("where each connection is slow, parts of one file also go through the server", async () => {
  const { straight, through, routes } = await sent(60 * MiB, { each: 0.7 * MiB });
  expect(routes).toEqual(["both"]);
  expect(through).toBeGreaterThan(0);
  expect(straight + through).toBe(12);
});

test("a part that the server does not take goes straight to the store, and no other is tried", async () => {
  const { straight, through, routes } = await sent(60 * MiB, { each: 0.7 * MiB, refuses: true });
  expect(routes).toEqual(["both"]);
  expect(through).toBeGreaterThan(0);
  expect(through).toBeLessThanOrEqual(4);
  expect(straight).toBe(12);
});

test("a server that forbids it gets no part", async () => {
  const { straight, through, routes } = await sent(60 * MiB, { each: 0.9 * MiB, bothRoutes: false });
  expect([straight, through, routes]).toEqual([12, 0, ["direct"]]);
});
