/** What takes seconds: kills, many files, speed limits. */

import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { makeFile } from "../../../test/harness/big-file.ts";
import { Bucket } from "../../../test/harness/bucket.ts";
import { type CopyPlace, openCopyPlace } from "./copy-place.ts";
import { ended } from "./naru.ts";

let world: CopyPlace;
let target: Bucket;

beforeAll(async () => {
  world = await openCopyPlace();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  target = await Bucket.make();
  world.wire.exchanges.length = 0;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  // The store of all tests keeps what is in it in memory.
  return () => target[Symbol.asyncDispose]();
});

const at = (...names: string[]): string => join(world.place.folder, ...names);

test("a copy that is killed in the middle of a large file sends only what is missing when it runs again", async () => {
  await mkdir(at("big"));
  const sha256 = await makeFile(at("big/large.bin"), 100 * MiB);
  const urls = [`file:${at("big")}`, target.storeUrl(world.wire.origin)] as const;
  world.wire.bytesPerSecond = 40 * MiB;
  const killed = world.start(...urls);
  await world.wire.until(() => world.wire.partsTaken.length >= 8);
  killed.kill("SIGKILL");
  await once(killed, "close");
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  const taken = new Set(world.wire.partsTaken);
  world.wire.exchanges.length = 0;
  const [line] = await world.lines(...urls);
  expect(line).toMatchObject({ path: "large.bin", checksum: expect.stringMatching(/^[0-9a-f]{16}$/) });
  const again = world.wire.partsTaken;
  expect(Number(line?.["partsSkipped"])).toBeGreaterThanOrEqual(8);
  expect(again).toHaveLength(Number(line?.["parts"]) - Number(line?.["partsSkipped"]));
  // The answer to one may have been lost with the program.
  expect(again.filter((part) => taken.has(part)).length).toBeLessThanOrEqual(8);
  expect(await target.sha256("large.bin")).toBe(sha256);
  expect(await target.unfinished()).toBe(0);
});

test("a copy to a running Naru that is killed goes on where it was", async () => {
  await mkdir(at("film"));
  await makeFile(at("film/large.bin"), 64 * MiB);
  const urls = [`file:${at("film")}`, world.naru("film/")] as const;
  const killed = world.start(...urls, "--limit", "16M");
  const uploads = async (): Promise<{ receipts?: unknown[] }[]> => {
    const { headers, origin } = world.place.api;
    return (await (await fetch(`${origin}/api/uploads`, { headers })).json()).uploads ?? [];
  };
  await expect.poll(async () => (await uploads()).length, { timeout: 60_000 }).toBe(1);
  await expect.poll(() => partsHeld(), { timeout: 60_000 }).toBeGreaterThanOrEqual(2);
  killed.kill("SIGKILL");
  await once(killed, "close");
  const [line] = await world.lines(...urls);
  expect(Number(line?.["partsSkipped"])).toBeGreaterThanOrEqual(2);

  async function partsHeld(): Promise<number> {
    const { stdout } = await world.place.naru("uploads", "--json");
    const [first = "{}"] = stdout.split("\n");
    const id = JSON.parse(first || "{}").id;
    if (id === undefined) return 0;
    const { headers, origin } = world.place.api;
    const upload = await (await fetch(`${origin}/api/uploads/${id}`, { headers })).json();
    return upload.receipts?.length ?? 0;
  }
});

test("an interrupted copy ends within a second and can be continued", async () => {
  await mkdir(at("slow"));
  await makeFile(at("slow/large.bin"), 48 * MiB);
  const urls = [`file:${at("slow")}`, target.storeUrl(world.wire.origin)] as const;
  const running = world.start(...urls, "--limit", "8M");
  const end = ended(running);
  await world.wire.until(() => world.wire.partPuts.some(({ bytes }) => bytes > 0));
  const began = performance.now();
  running.kill("SIGINT");
  const { code, stderr } = await end;
  expect([code, stderr]).toEqual([130, expect.stringContaining("run the same command again to resume")]);
  expect(performance.now() - began).toBeLessThan(3000);
  expect(await world.lines(...urls)).toHaveLength(1);
});

test("2,000 small files go from a folder to a bucket, to another one and to a running Naru; a second run asks for lists only", async () => {
  await mkdir(at("many/deep"), { recursive: true });
  for (let i = 0; i < 2000; i += 1) await writeFile(at("many", i % 2 ? "deep" : "", `${i}.txt`), `file ${i}`);
  const first = [`file:${at("many")}`, target.storeUrl(world.wire.origin)] as const;
  expect(await world.lines(...first)).toHaveLength(2000);
  expect(await world.lines(...first)).toEqual([]);
  await using other = await Bucket.make();
  expect(await world.lines(target.storeUrl(), other.storeUrl())).toHaveLength(2000);
  world.wire.exchanges.length = 0;
  expect(await world.lines(target.storeUrl(world.wire.origin), other.storeUrl(world.wire.origin))).toEqual([]);
  const isOfObject = ({ url }: { url: URL }): boolean => url.pathname.endsWith(".txt");
  expect(world.wire.exchanges.filter(isOfObject)).toEqual([]);
  expect(await world.lines(other.storeUrl(), world.naru("many/"))).toHaveLength(2000);
  expect(await world.lines(other.storeUrl(), world.naru("many/"))).toEqual([]);
});
