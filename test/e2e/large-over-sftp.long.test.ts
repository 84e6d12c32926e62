import { expect, test } from "vitest";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { gatewayWorld } from "../harness/gateway-world.ts";

test("OpenSSH's sftp puts and gets 300 MiB", async () => {
  await using world = await gatewayWorld();
  const sha256 = await makeFile(world.file("in.bin"), 300 * MiB);
  expect(await world.run(await world.sftp("put in.bin", "ls -l"))).toMatch(/ 314572800 .*in\.bin/);
  expect(await world.bucket.sha256("in.bin")).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);
  await world.run(await world.sftp("get in.bin out.bin"));
  expect(await sha256File(world.file("out.bin"))).toBe(sha256);
});
