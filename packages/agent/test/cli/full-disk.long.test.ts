/** Starting the agent when the disk of its data folder is full. */

import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { fillDisk, mountDisk, unmountDisk } from "../small-disk.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { type Ended, runNaruAgent } from "./naru-agent.ts";

let folder: TempFolder;
let disk: string;

beforeEach(async () => {
  folder = await tempFolder();
  disk = join(folder.path, "disk");
  await mkdir(disk);
  mountDisk(disk, { sizeMiB: 8 });
});
afterEach(async () => {
  await naru("quit");
  unmountDisk(disk);
  await folder[Symbol.asyncDispose]();
});

const data = (): string => join(disk, "data");
const naru = (...args: string[]): Promise<Ended> => runNaruAgent(args, { NARU_AGENT_DATA: data() });

test("with a full disk the start says so, also when another command starts it; with room it starts", async () => {
  const empty = await fillDisk(disk);
  const inWords = { code: 1, stderr: `naru-agent: Cannot start the agent: the disk of "${data()}" is full\n` };
  expect(await naru("start", "--headless", "--port", "0")).toMatchObject(inWords);
  await rm(data(), { recursive: true, force: true });
  expect(await naru("window", "--address")).toMatchObject(inWords);
  await empty();
  expect(await naru("window", "--address")).toMatchObject({ stderr: expect.not.stringContaining("is full") });
  expect((await naru("status")).code).toBe(0);
});
