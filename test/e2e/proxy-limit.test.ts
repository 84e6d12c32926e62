import { mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { limitBodies } from "../harness/body-limit.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { naru, startNaru } from "../harness/naru-command.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { folderWorld, type World } from "../harness/world.ts";

const kib = 1024;

/** Forty files of 100 KiB, one of 1 MiB less a byte, and one of 3 MiB. */
async function makeFolder(world: World): Promise<ReadonlyMap<string, string>> {
  await mkdir(world.file("모음"));
  const sizes = [...Array.from({ length: 40 }, () => 100 * kib), MiB - 1, 3 * MiB];
  const made = sizes.map(async (size, index): Promise<[string, string]> => {
    const name = `f${String(index).padStart(2, "0")}.bin`;
    return [name, await makeFile(world.file(join("모음", name)), size)];
  });
  return new Map(await Promise.all(made));
}

async function kept(folder: string): Promise<ReadonlyMap<string, string>> {
  const names = (await readdir(folder)).sort();
  return new Map(await Promise.all(names.map(async (name) => [name, await sha256File(join(folder, name))] as const)));
}

test("through a proxy that takes 1 MiB at once a folder arrives whole, from the command line and from the page", async () => {
  await using world = await folderWorld();
  const files = await makeFolder(world);
  await using proxy = await limitBodies(world.server.origin, MiB);
  await naru(proxy.origin, ["put", "모음", "--to", "cli/"], world.dir);
  expect(proxy.refused).toBeGreaterThan(1);
  expect(await kept(join(world.kept, "cli/모음"))).toEqual(files);

  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), proxy.origin);
  await page.dropFiles(world.file("모음"));
  await page.page
    .getByText(/All 42 files/)
    .first()
    .waitFor();
  expect(await kept(join(world.kept, "모음"))).toEqual(files);
});

test("what a proxy lets through in no size fails in words that name the proxy and its setting", async () => {
  await using world = await folderWorld();
  await makeFile(world.file("big.bin"), 600 * kib);
  await makeFile(world.file("small.bin"), 10 * kib);
  await using proxy = await limitBodies(world.server.origin, 100_000);
  const put = startNaru(proxy.origin, ["put", "big.bin", "small.bin"], world.dir);
  expect(await put.exited).toBe(1);
  expect(put.output).toContain("big.bin");
  expect(put.output).toMatch(/a proxy in front of the server takes no body of this size \(413\).*client_max_body_size/);
  expect(await readdir(world.kept)).toContain("small.bin");

  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), proxy.origin);
  await page.chooseFiles(world.file("big.bin"), world.file("small.bin"));
  await page.waitState("big.bin", "failed");
  await page.waitState("small.bin", "done");
  expect(await page.describe("big.bin")).toContain("A proxy in front of the server limits how large a request may be");
});

test("a folder that was put before is not sent again", async () => {
  await using world = await folderWorld();
  await mkdir(world.file("two"));
  for (const name of ["a.bin", "b.bin", "c.bin"]) await makeFile(world.file(join("two", name)), 10 * kib);
  await naru(world.origin, ["put", "two"], world.dir);
  const bodies = () => world.line.exchanges.filter(({ url }) => url.pathname === "/api/batch").length;
  const before = bodies();
  await makeFile(world.file("two/d.bin"), 10 * kib);
  const again = await naru(world.origin, ["put", "two", "--json"], world.dir);
  const lines = again.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { path: string; bytesSent: number });
  expect(Object.fromEntries(lines.map(({ path, bytesSent }) => [path, bytesSent]))).toEqual({
    "two/a.bin": 0,
    "two/b.bin": 0,
    "two/c.bin": 0,
    "two/d.bin": 10 * kib,
  });
  expect(bodies()).toBe(before + 1);
  expect((await readdir(join(world.kept, "two"))).sort()).toEqual(["a.bin", "b.bin", "c.bin", "d.bin"]);
});
