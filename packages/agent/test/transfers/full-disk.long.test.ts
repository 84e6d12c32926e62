/** The journal's disk as others fill it: a real one, which is small. */

import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KiB, MiB } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Agent, startAgent } from "../../src/agent.ts";
import { fillDisk, mountDisk, unmountDisk } from "../small-disk.ts";
import { feed, until } from "../spool/feeder.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { type FarSide, inState, openFarSide, when } from "./far-side.ts";

let far: FarSide;
let folder: TempFolder;
let disk: string;
let agent: Agent | undefined;
const lines: string[] = [];

beforeEach(async () => {
  far = await openFarSide();
  folder = await tempFolder();
  disk = join(folder.path, "disk");
  await mkdir(disk);
  mountDisk(disk, { sizeMiB: 40 });
  lines.length = 0;
});
afterEach(async () => {
  await agent?.close();
  agent = undefined;
  unmountDisk(disk);
  await folder[Symbol.asyncDispose]();
  await far[Symbol.asyncDispose]();
});

async function start(): Promise<Agent["transfers"]> {
  const log = (line: string): void => void lines.push(line);
  agent = await startAgent({ dataDir: join(disk, "data"), headless: true, log, pages: { ports: [0] } });
  return agent.transfers;
}

async function fileOf(size: number): Promise<{ file: string; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const file = join(folder.path, "film.mov");
  await writeFile(file, bytes);
  return { file, bytes };
}

test("a disk without room for the journal makes an end wait until it can be written down", async () => {
  const { file, bytes } = await fileOf(24 * MiB);
  const queue = await start();
  await queue.change({ bytesPerSecond: 12 * MiB });
  const { id } = await queue.send({ file, to: far.to });
  await when(queue, id, ({ confirmed }) => confirmed > 0);
  const empty = await fillDisk(disk);
  const refused = await when(queue, id, ({ error }) => error !== undefined);
  expect(refused.error).toMatchObject({ code: "no-space", message: expect.stringContaining("the disk is full") });
  expect(refused.state).not.toBe("failed");
  await empty();
  expect(await when(queue, id, inState("done", "failed"))).toMatchObject({ state: "done", error: undefined });
  expect(bytes.equals(await readFile(far.fileOf("film.mov")))).toBe(true);
});

test("a transfer fails while the disk is full, and says so once there is room", async () => {
  const { file } = await fileOf(24 * MiB);
  const queue = await start();
  await queue.change({ bytesPerSecond: 4 * MiB });
  const { id } = await queue.send({ file, to: far.to });
  await when(queue, id, ({ confirmed }) => confirmed > 0);
  const empty = await fillDisk(disk);
  await writeFile(file, "other");
  await when(queue, id, ({ error }) => error?.code === "no-space");
  await empty();
  expect((await when(queue, id, inState("failed"))).error?.code).toBe("file-changed");
});

test("what a page feeds is sent whole though the disk is full for a while", async () => {
  const queue = await start();
  await queue.change({ bytesPerSecond: 12 * MiB, spoolLimit: 8 * MiB });
  const bytes = randomBytes(32 * MiB);
  const facts = { name: "fed.bin", size: bytes.length, modifiedMs: 1_700_000_000_000 };
  const { transfer, spool } = await queue.receive({ file: facts, to: far.to });
  const feeding = feed(spool, bytes);
  await when(queue, transfer.id, ({ confirmed }) => confirmed > 0);
  const empty = await fillDisk(disk);
  await until(spool, () => spool.grant.credit === 0 && spool.grant.durable < bytes.length);
  await empty();
  await feeding;
  expect((await when(queue, transfer.id, inState("done", "failed"))).state).toBe("done");
  expect(bytes.equals(await readFile(far.fileOf("fed.bin")))).toBe(true);
});

test("bytes for a spool on another disk come in once the journal can note them", async () => {
  let queue = await start();
  await queue.change({ spoolFolder: join(folder.path, "spools") });
  await agent?.close();
  queue = await start();
  const bytes = randomBytes(32 * MiB);
  const facts = { name: "fed.bin", size: bytes.length, modifiedMs: 1_700_000_000_000 };
  const { transfer, spool } = await queue.receive({ file: facts, to: far.to });
  await feed(spool, bytes, { stopAt: 10 * MiB });
  const empty = await fillDisk(disk);
  const feeding = feed(spool, bytes);
  await until(spool, () => spool.grant.rewinds >= 2);
  await empty();
  await feeding;
  expect((await when(queue, transfer.id, inState("done", "failed"))).state).toBe("done");
  expect(bytes.equals(await readFile(far.fileOf("fed.bin")))).toBe(true);
});

test("a command that cannot be written down is refused in words and changes nothing", async () => {
  const { file } = await fileOf(24 * MiB);
  const queue = await start();
  await queue.change({ bytesPerSecond: MiB });
  const { id } = await queue.send({ file, to: far.to });
  await when(queue, id, inState("uploading"));
  const empty = await fillDisk(disk);
  await expect(untilRefused(() => queue.change({ atOnce: 2 + Math.trunc(Math.random() * 1e6) }))).rejects.toMatchObject(
    {
      code: "no-space",
    },
  );
  await expect(queue.pause(id)).rejects.toMatchObject({ code: "no-space" });
  expect(queue.get(id)?.state).toBe("uploading");
  await empty();
  await queue.pause(id);
  expect(queue.get(id)?.state).toBe("paused");
});

test("what fills the disk can be cancelled on it: its segments make room, and it stays cancelled", async () => {
  const queue = await start();
  await queue.change({ bytesPerSecond: 64 * KiB });
  const facts = { name: "fed.bin", size: 16 * MiB, modifiedMs: 1_700_000_000_000 };
  const { transfer, spool } = await queue.receive({ file: facts, to: far.to });
  await feed(spool, randomBytes(facts.size));
  await fillDisk(disk);
  await fillJournal(queue);
  await queue.cancel(transfer.id);
  expect(queue.get(transfer.id)).toMatchObject({ state: "cancelled", held: 0 });
  expect(await readdir(join(disk, "data", "spool"))).not.toContain(transfer.id);
  await agent?.close();
  expect((await start()).get(transfer.id)?.state).toBe("cancelled");
});

test("on a disk that stays full a transfer is cancelled and removed; the journal hears of it once there is room", async () => {
  const { file } = await fileOf(24 * MiB);
  const queue = await start();
  await queue.change({ bytesPerSecond: 64 * KiB });
  const { id } = await queue.send({ file, to: far.to });
  const other = await queue.send({ file, to: far.to, path: "other.mov" });
  await when(queue, id, inState("uploading"));
  const empty = await fillDisk(disk);
  await fillJournal(queue);
  await queue.cancel(id);
  expect(queue.get(id)?.state).toBe("cancelled");
  await queue.remove(other.id);
  expect(queue.list().map((view) => view.id)).toEqual([id]);
  await empty();
  await agent?.close();
  expect((await start()).list()).toMatchObject([{ id, state: "cancelled" }]);
});

async function fillJournal(queue: Agent["transfers"]): Promise<void> {
  let n = 2;
  await expect(untilRefused(() => queue.change({ atOnce: n++ }))).rejects.toMatchObject({ code: "no-space" });
}

/** The journal has some room of its own yet. */
async function untilRefused(act: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; tries < 5000; tries++) await act();
}
