import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type BucketWorld, bucketWorld } from "../harness/bucket-world.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { fileLine, naru } from "../harness/naru-command.ts";
import { openPages } from "../harness/shared-chromium.ts";
import type { Exchange, Fault } from "../harness/wire.ts";

const size = 100 * MiB;

/** Let the nth PUT of a part (from 1) meet a fault; what it returns tells how many there were. */
function strike(world: BucketWorld, fault: (nth: number) => Fault | undefined): () => number {
  let seen = 0;
  world.wire.fault = (exchange: Exchange) => {
    if (exchange.method !== "PUT" || exchange.part === undefined) return undefined;
    seen += 1;
    return fault(seen);
  };
  return () => seen;
}

const faults: Readonly<Record<string, (nth: number) => Fault | undefined>> = {
  "asks us to slow down (503)": (nth) => (nth % 3 === 1 && nth < 10 ? { kind: "answer", status: 503 } : undefined),
  "refuses a signature once (403)": (nth) => (nth === 2 ? { kind: "answer", status: 403 } : undefined),
  "resets connections": (nth) =>
    nth === 2 || nth === 4 || nth === 5 ? { kind: "reset", afterBytes: 2 * MiB } : undefined,
  "stalls in the middle of a part": (nth) => (nth === 3 ? { kind: "stall", afterBytes: MiB } : undefined),
  "gets a wrong byte": (nth) => (nth === 2 ? { kind: "flip", byte: 3 * MiB } : undefined),
};

for (const [what, fault] of Object.entries(faults)) {
  test(`a file sent from the command line arrives whole when the store ${what}`, async () => {
    await using world = await bucketWorld();
    const sha256 = await makeFile(world.file("bad-day.bin"), size);
    const puts = strike(world, fault);
    const put = await naru(world.origin, ["put", "bad-day.bin", "--route", "direct", "--json"], world.dir);

    expect(await world.bucket.sha256("bad-day.bin")).toBe(sha256);
    expect(fileLine(put)).toMatchObject({ path: "bad-day.bin", size, route: "direct" });
    expect(puts()).toBeGreaterThan(Number(fileLine(put).parts));
    expect(await world.bucket.unfinished()).toBe(0);
  });
}

test("a wrong byte on the way from the browser is refused by the store, and that part is sent again", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file("flip.bin"), size);
  strike(world, faults["gets a wrong byte"] ?? (() => undefined));
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file("flip.bin"));
  await page.waitState("flip.bin", "done");

  expect(await world.bucket.sha256("flip.bin")).toBe(sha256);
  const refused = world.wire.partPuts.filter(({ status }) => status === 400);
  expect(refused).toHaveLength(1);
  expect(world.wire.partsTaken.filter((part) => part === refused[0]?.part)).toHaveLength(1);
});

test("a store that answers 503, 403 and resets does not stop a browser", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file("bad.bin"), size);
  strike(world, (nth) => {
    if (nth === 1 || nth === 3) return { kind: "answer", status: 503 };
    if (nth === 2) return { kind: "answer", status: 403 };
    return nth === 4 ? { kind: "reset", afterBytes: MiB } : undefined;
  });
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file("bad.bin"));
  await page.waitState("bad.bin", "done");
  expect(await world.bucket.sha256("bad.bin")).toBe(sha256);
});
