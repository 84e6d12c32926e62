import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { fileLine, naru, startNaru } from "../harness/naru-command.ts";

const name = "명령줄 시험.bin";
const size = 150 * MiB;

test("naru put (proxy), killed half-way and run again, sends only what was missing", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file(name), size);
  world.wire.bytesPerSecond = 40 * MiB;
  const put = startNaru(world.origin, ["put", name, "--to", "모음/", "--route", "proxy", "--json"], world.dir);
  await world.wire.until(() => world.wire.partsTaken.length >= 3);
  await put.kill("SIGKILL");
  const taken = world.wire.partsTaken;
  const putsBefore = world.wire.partPuts.length;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;

  const again = await naru(world.origin, ["put", name, "--to", "모음/", "--route", "proxy", "--json"], world.dir);
  const line = fileLine(again);
  expect(line).toMatchObject({ path: `모음/${name}`, size, route: "proxy" });
  expect(line.partsSkipped).toBeGreaterThanOrEqual(taken.length);
  const resent = world.wire.partPuts.slice(putsBefore).filter(({ part }) => part !== undefined && taken.includes(part));
  expect(resent).toEqual([]);
  expect(await world.bucket.sha256(`모음/${name}`)).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);
});

test("naru get, killed half-way and run again, goes on and gives the file only when it is whole", async () => {
  await using world = await bucketWorld();
  const sha256 = await makeFile(world.file("get.bin"), size);
  await naru(world.origin, ["put", "get.bin"], world.dir);
  const bytesBefore = world.wire.bytesReturned;
  world.wire.bytesPerSecond = 40 * MiB;
  const get = startNaru(world.origin, ["get", "get.bin", "back.bin", "--concurrency", "2"], world.dir);
  await world.wire.until(() => world.wire.bytesReturned - bytesBefore > size / 2);
  await get.kill("SIGKILL");
  await expect(sha256File(world.file("back.bin"))).rejects.toThrow(/ENOENT/);
  const bytesAtKill = world.wire.bytesReturned;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;

  await naru(world.origin, ["get", "get.bin", "back.bin", "--json"], world.dir);
  expect(await sha256File(world.file("back.bin"))).toBe(sha256);
  expect(world.wire.bytesReturned - bytesAtKill).toBeLessThan(0.9 * size);
});
