import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { azureWorld } from "../harness/azure-world.ts";
import { MiB, makeFile, sha256File } from "../harness/big-file.ts";
import { ConsolePage } from "../harness/console-page.ts";
import { fileLine, naru, startNaru } from "../harness/naru-command.ts";
import { openPages } from "../harness/shared-chromium.ts";
import { type Azurite, startAzurite } from "../peers/azurite.ts";

let azurite: Azurite;

beforeAll(async () => {
  azurite = await startAzurite();
});

afterAll(() => azurite?.[Symbol.asyncDispose]());

test("naru put straight to Azure, killed half-way and run again, sends only what was missing, and gets it back", async () => {
  await using world = await azureWorld(azurite);
  const [name, size] = ["명령줄 시험 (1).bin", 60 * MiB];
  const sha256 = await makeFile(world.file(name), size);
  const args = ["put", name, "--to", "모음/", "--route", "direct", "--json"];
  world.wire.bytesPerSecond = 40 * MiB;
  const put = startNaru(world.origin, args, world.dir);
  await world.wire.until(() => world.wire.partsTaken.length >= 2);
  await put.kill("SIGKILL");
  const taken = world.wire.partsTaken;
  const putsBefore = world.wire.partPuts.length;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;

  const line = fileLine(await naru(world.origin, args, world.dir));
  expect(line).toMatchObject({ path: `모음/${name}`, size, route: "direct" });
  expect(line.partsSkipped).toBeGreaterThanOrEqual(taken.length);
  const resent = world.wire.partPuts.slice(putsBefore).filter(({ part }) => part !== undefined && taken.includes(part));
  expect(resent).toEqual([]);
  expect(world.line.partPuts).toEqual([]);
  expect(await world.sha256(`모음/${name}`)).toBe(sha256);
  expect(await world.names()).toEqual([`모음/${name}`]);

  await naru(world.origin, ["get", `모음/${name}`, "--to", "back"], world.dir);
  expect(await sha256File(join(world.dir, "back"))).toBe(sha256);
});

test("the page sends straight to Azure once the account admits it", async () => {
  await using world = await azureWorld(azurite);
  const sha256 = await makeFile(world.file("페이지.bin"), 33 * MiB);
  await using chromium = await openPages();
  const page = await ConsolePage.open(await chromium.newPage(), world.origin);
  await page.chooseFiles(world.file("페이지.bin"));
  await page.waitState("페이지.bin", "done");
  expect(world.line.partPuts).toEqual([]);
  expect(world.wire.partsTaken.length).toBeGreaterThan(1);
  expect(await world.sha256("페이지.bin")).toBe(sha256);
  expect(await world.names()).toEqual(["페이지.bin"]);
});
