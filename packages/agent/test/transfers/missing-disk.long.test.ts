/** The spool on a disk of its own, which is not always there. */

import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { MiB } from "@naru/core";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Agent, startAgent } from "../../src/agent.ts";
import { AgentJournal } from "../../src/journal.ts";
import { spoolFolder } from "../../src/settings.ts";
import { mountDisk, moveDisk, unmountDisk } from "../small-disk.ts";
import { feed } from "../spool/feeder.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";
import { type FarSide, inState, openFarSide, when } from "./far-side.ts";

let far: FarSide;
let folder: TempFolder;
let agent: Agent;
const lines: string[] = [];
const bytes: Buffer = randomBytes(20 * MiB);

beforeEach(async () => {
  far = await openFarSide();
  folder = await tempFolder();
  lines.length = 0;
  for (const name of ["disk", "elsewhere"]) await mkdir(join(folder.path, name));
  mountDisk(disk(), { sizeMiB: 64 });
  await start();
  await agent.transfers.change({ spoolFolder: disk() });
  await agent.close();
  await start();
});
afterEach(async () => {
  await agent.close();
  for (const place of [disk(), elsewhere()]) {
    try {
      unmountDisk(place);
    } catch {
      // It is at the other place.
    }
  }
  await far[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

const disk = (): string => join(folder.path, "disk");
const elsewhere = (): string => join(folder.path, "elsewhere");
const dataDir = (): string => join(folder.path, "data");

async function start(): Promise<void> {
  const log = (line: string): void => void lines.push(line);
  agent = await startAgent({ dataDir: dataDir(), headless: true, log, pages: { ports: [0] } });
}

/** Feed all of a file; next to nothing of it is sent. */
async function feedAll(): Promise<string> {
  await agent.transfers.change({ bytesPerSecond: 1 });
  const file = { name: "fed.bin", size: bytes.length, modifiedMs: 1_700_000_000_000 };
  const { transfer, spool } = await agent.transfers.receive({ file, to: far.to });
  await feed(spool, bytes);
  await spool.detach();
  return transfer.id;
}

async function arrives(id: string): Promise<void> {
  await agent.transfers.change({ bytesPerSecond: undefined });
  expect((await when(agent.transfers, id, inState("done", "failed"))).state).toBe("done");
  expect(bytes.equals(await readFile(far.fileOf("fed.bin")))).toBe(true);
}

test("what is durable waits for the spool's disk, and is sent when that is back", async () => {
  const id = await feedAll();
  await agent.close();
  moveDisk(disk(), elsewhere());
  await start();
  const view = agent.transfers.get(id);
  expect(view).toMatchObject({ state: "waiting", unfed: 0, error: { code: "unavailable" } });
  expect(view?.error?.message).toContain("the spool's disk is missing");
  expect(lines.join("\n")).toContain("the spool's disk is missing");
  expect(await readdir(disk())).toEqual([]);
  moveDisk(elsewhere(), disk());
  await arrives(id);
});

test("nothing is forgotten when the disk is missing at one start and there at the next", async () => {
  const id = await feedAll();
  await agent.close();
  moveDisk(disk(), elsewhere());
  await start();
  await agent.close();
  moveDisk(elsewhere(), disk());
  await start();
  expect(agent.transfers.get(id)).toMatchObject({ unfed: 0 });
  expect(agent.transfers.get(id)?.error).toBeUndefined();
  await arrives(id);
});

test("while the disk is missing no page may feed; without its transfers the agent makes itself a new spool", async () => {
  const id = await feedAll();
  await agent.close();
  moveDisk(disk(), elsewhere());
  await start();
  const file = { name: "other.bin", size: MiB, modifiedMs: 0 };
  await expect(agent.transfers.receive({ file, to: far.to })).rejects.toMatchObject({ code: "unavailable" });
  expect(agent.transfers.list()).toHaveLength(1);
  await agent.transfers.remove(id);
  const { spool } = await agent.transfers.receive({ file, to: far.to });
  expect(spool.grant.credit).toBe(MiB);
});

test("a spool from before it was marked goes on as it is", async () => {
  const id = await feedAll();
  await agent.close();
  await rm(join(spoolFolder(dataDir(), { spoolFolder: disk() }), "spool-mark"));
  const journal = new AgentJournal(join(dataDir(), "agent.db"));
  journal.run("DELETE FROM settings WHERE name = 'spool'");
  journal[Symbol.dispose]();
  await start();
  expect(agent.transfers.get(id)).toMatchObject({ unfed: 0 });
  expect(agent.transfers.get(id)?.error).toBeUndefined();
  await arrives(id);
});

test("what somebody tidied up in the data folder is asked for again", async () => {
  await agent.transfers.change({ spoolFolder: undefined });
  await agent.close();
  await start();
  const id = await feedAll();
  await agent.close();
  for (const name of await readdir(join(dataDir(), "spool"))) {
    await rm(join(dataDir(), "spool", name), { recursive: true });
  }
  await start();
  expect(agent.transfers.get(id)).toMatchObject({ state: "needs-file", unfed: bytes.length });
});

test("a spool that is wished elsewhere stays where it is until it is empty", async () => {
  const id = await feedAll();
  await agent.transfers.change({ spoolFolder: elsewhere() });
  await agent.close();
  await start();
  expect(agent.transfers.get(id)).toMatchObject({ unfed: 0 });
  await arrives(id);
  await agent.close();
  await start();
  expect(await readdir(elsewhere())).toHaveLength(1);
});

test("a spool's folder that cannot be made is left for that of the data folder, and the log says so", async () => {
  await writeFile(join(folder.path, "no-folder"), "");
  await agent.transfers.change({ spoolFolder: join(folder.path, "no-folder", "below") });
  await agent.close();
  await start();
  expect(lines.join("\n")).toContain(`the spool is in "${join(dataDir(), "spool")}"`);
  await arrives(await feedAll());
});
