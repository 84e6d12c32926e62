import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { fileLine, naru, startNaru } from "../harness/naru-command.ts";

const name = "명령줄 시험.bin";
const size = 150 * MiB;

test("naru put (direct), killed half-way and run again, sends only what was missing", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file(name), size);
  world.wire.bytesPerSecond = 40 * MiB;
  const put = startNaru(world.origin, ["put", name, "--to", "모음/", "--route", "direct", "--json"], world.dir);
  await world.wire.until(() => world.wire.partsTaken.length >= 3);
  await put.kill("SIGKILL");
  const taken = world.wire.partsTaken;
  const putsBefore = world.wire.partPuts.length;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;

  const again = await naru(world.origin, ["put", name, "--to", "모음/", "--route", "direct", "--json"], world.dir);
  const line = fileLine(again);
  expect(line).toMatchObject({ path: `모음/${name}`, size, route: "direct" });
  expect(line.partsSkipped).toBeGreaterThanOrEqual(taken.length);
  const resent = world.wire.partPuts.slice(putsBefore).filter(({ part }) => part !== undefined && taken.includes(part));
  expect(resent).toEqual([]);
  expect(await world.bucket.sha256(`모음/${name}`)).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);
});

test("naru ls, uploads and rm tell of files and unfinished uploads", async () => {
  await using world = await bucketWorld();
  await makeFile(world.file("a.bin"), 3 * MiB);
  await makeFile(world.file("half.bin"), size);
  await naru(world.origin, ["put", "a.bin", "--to", "폴더/"], world.dir);
  expect((await naru(world.origin, ["ls", "폴더/"], world.dir)).stdout).toContain("a.bin");

  const takenBefore = world.wire.partsTaken.length;
  world.wire.bytesPerSecond = 30 * MiB;
  const half = startNaru(world.origin, ["put", "half.bin", "--json"], world.dir);
  await world.wire.until(() => world.wire.partsTaken.length > takenBefore);
  await half.kill("SIGKILL");
  const { stdout } = await naru(world.origin, ["uploads", "--json"], world.dir);
  expect(stdout).toContain("half.bin");
  const { id } = JSON.parse(stdout.trim().split("\n").at(-1) ?? "{}") as { id: string };
  await naru(world.origin, ["uploads", "--abort", id], world.dir);
  expect((await naru(world.origin, ["uploads", "--json"], world.dir)).stdout).not.toContain("half.bin");
  expect(await world.bucket.unfinished()).toBe(0);

  await naru(world.origin, ["rm", "폴더/a.bin"], world.dir);
  expect(await world.bucket.sha256("폴더/a.bin")).toBeUndefined();
});

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

test("a command that cannot sign in says so and ends with a failure", async () => {
  await using world = await bucketWorld();
  await makeFile(world.file("a.bin"), MiB);
  const put = startNaru(world.origin.replace("//", "//nobody:wrong@"), ["put", "a.bin"], world.dir);
  expect(await put.exited).not.toBe(0);
  expect(put.stderr).not.toMatch(/\n\s+at /);
  await rm(world.file("a.bin"));
});
