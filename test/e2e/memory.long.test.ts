import { expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { bucketWorld } from "../harness/bucket-world.ts";
import { fileLine, naru, startNaru } from "../harness/naru-command.ts";
import { needs } from "../peers/needs.ts";

needs("Linux");

test("the server's memory does not grow with the file that goes through it", async () => {
  await using world = await bucketWorld();
  await makeFile(world.file("warm.bin"), 32 * MiB);
  await naru(world.origin, ["put", "warm.bin", "--route", "proxy"], world.dir);
  const idle = await world.server.program.residentBytes();
  const size = 1024 * MiB;
  const sha256 = await makeFile(world.file("big.bin"), size);

  let most = 0;
  const put = startNaru(world.origin, ["put", "big.bin", "--route", "proxy", "--json"], world.dir);
  let ended = false;
  const exited = put.exited.finally(() => {
    ended = true;
  });
  while (!ended) {
    most = Math.max(most, await world.server.program.residentBytes());
    // A look at the memory ten times a second.
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 100))]);
  }
  expect(await exited, put.output).toBe(0);
  expect(fileLine(put).route).toBe("proxy");
  expect(await world.bucket.sha256("big.bin")).toBe(sha256);
  expect((most - idle) / MiB).toBeLessThan(150);
});
