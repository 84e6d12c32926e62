import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { MiB, makeFile } from "../harness/big-file.ts";
import { type GatewayWorld, gatewayWorld, lftp } from "../harness/gateway-world.ts";
import { fileLine, startNaru } from "../harness/naru-command.ts";

/** What MinIO does after a day, Cloudflare R2 after a week: the store ends an upload that somebody still sends. */
const size = 40 * MiB;
/** The door's memory would take all of the file at once, and its end with it. */
const slowly = "set net:limit-rate 8M;";
let world: GatewayWorld;
let sha256: string;

beforeAll(async () => {
  world = await gatewayWorld();
  sha256 = await makeFile(world.file("in.bin"), size);
});
afterAll(() => world?.[Symbol.asyncDispose]());

beforeEach(() => {
  world.wire.exchanges.length = 0;
  world.wire.bytesPerSecond = 20 * MiB;
});

/** Let a part arrive, and end the upload behind everybody's back. */
async function endUnderWay(): Promise<void> {
  await world.wire.until(() => world.wire.partsTaken.length > 0);
  expect(await world.bucket.endUploads()).toBe(1);
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
}

for (const route of ["direct", "proxy"]) {
  test(`naru put (${route}) whose upload the store ended begins anew by itself, and the file is whole`, async () => {
    const args = ["put", "in.bin", "--to", `${route}/`, "--route", route, "--json"];
    await using put = startNaru(world.origin, args, world.dir);
    await endUnderWay();
    expect([await put.exited, put.stderr]).toEqual([0, expect.stringContaining("sending all of it")]);
    expect(fileLine(put)).toMatchObject({ path: `${route}/in.bin`, size, route });
    expect(await world.bucket.sha256(`${route}/in.bin`)).toBe(sha256);
    expect(await world.bucket.unfinished()).toBe(0);
  });

  test(`naru put (${route}) that was killed, and whose upload the store ended meanwhile, sends all of it`, async () => {
    const args = ["put", "in.bin", "--to", `killed-${route}/`, "--route", route, "--json"];
    await using put = startNaru(world.origin, args, world.dir);
    await world.wire.until(() => world.wire.partsTaken.length > 0);
    await put.kill("SIGKILL");
    await endUnderWay();
    await using again = startNaru(world.origin, args, world.dir);
    expect([await again.exited, again.output]).toEqual([0, expect.stringContaining('"partsSkipped":0')]);
    expect(await world.bucket.sha256(`killed-${route}/in.bin`)).toBe(sha256);
    expect(await world.bucket.unfinished()).toBe(0);
  });
}

test("a client of SFTP whose upload the store ended hears of it, and begins anew when it tries again", async () => {
  const resume = lftp(world, "sftp", "put -c in.bin -o sftp.bin");
  await using first = world.start(lftp(world, "sftp", `${slowly} put -c in.bin -o sftp.bin`));
  await endUnderWay();
  expect(await first.exited).not.toBe(0);
  expect(await world.bucket.sha256("sftp.bin")).toBeUndefined();
  await world.run(resume);
  expect(await world.bucket.sha256("sftp.bin")).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);
});

test("a client of SFTP that was cut, and whose upload the store ended meanwhile, sends all of it", async () => {
  const resume = lftp(world, "sftp", "put -c in.bin -o cut.bin");
  await using first = world.start(lftp(world, "sftp", `${slowly} put -c in.bin -o cut.bin`));
  await world.wire.until(() => world.wire.partsTaken.length > 0);
  await first.kill("SIGKILL");
  // The server has asked the store how far it is, and remembers.
  expect(await world.run(lftp(world, "sftp", "cls -l"))).toContain("cut.bin");
  await endUnderWay();
  await world.run(resume);
  expect(await world.bucket.sha256("cut.bin")).toBe(sha256);
  expect(await world.bucket.unfinished()).toBe(0);
});
