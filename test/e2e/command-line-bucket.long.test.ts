import { mkdir, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { naru } from "../harness/naru-command.ts";

test("a speed limit holds straight to the bucket and back, for all files together", async () => {
  await using world = await bucketWorld();
  for (const name of ["one.bin", "two.bin"]) await makeFile(world.file(name), 3 * MiB);
  const route = ["--route", "direct", "--limit", "4M"];
  for (const args of [
    ["put", "one.bin", "two.bin", ...route],
    ["get", "one.bin", "two.bin", "--to", "back", ...route],
  ]) {
    const began = performance.now();
    await naru(world.origin, args, world.dir);
    expect([args[0], performance.now() - began]).toEqual([args[0], expect.toSatisfy((ms: number) => ms >= 1400)]);
  }
  expect((await stat(join(world.dir, "back/two.bin"))).size).toBe(3 * MiB);
});

test("a folder that was synced to a bucket, or from it, is the same at the next look", async () => {
  await using world = await bucketWorld();
  await mkdir(world.file("src/deep"), { recursive: true });
  await writeFile(world.file("src/deep/small.txt"), "small");
  await makeFile(world.file("src/large.bin"), 9 * MiB);
  const sync = async (...args: string[]) => {
    const { stdout } = await naru(world.origin, ["sync", ...args, "--delete", "--json"], world.dir);
    const lines = stdout.split("\n").filter((line) => line !== "");
    return lines.map((line) => JSON.parse(line)).map(({ path, route }) => `${path} ${route}`);
  };
  expect((await sync("./src", "naru:모음")).sort()).toEqual(["모음/deep/small.txt proxy", "모음/large.bin direct"]);
  expect(await sync("./src", "naru:모음")).toEqual([]);
  expect(await sync("./src", "naru:모음", "--checksum")).toEqual([]);
  expect((await sync("naru:모음", "./back")).sort()).toEqual(["모음/deep/small.txt proxy", "모음/large.bin direct"]);
  expect(await sync("naru:모음", "./back")).toEqual([]);
  expect(await sync("./back", "naru:모음")).toEqual([]);
});
