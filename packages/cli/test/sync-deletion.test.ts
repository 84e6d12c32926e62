import { mkdir, mkdtemp, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { NaruApi } from "@naru/client/node";
import { TransferError } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { networkOf } from "../src/limited-network.ts";
import { LocalChecksums } from "../src/local-same.ts";
import { openProgress } from "../src/progress.ts";
import type { Carrier } from "../src/sync/carrier.ts";
import { downCarrier } from "../src/sync/down-carrier.ts";
import { FolderBuilder } from "../src/sync/folder-builder.ts";
import { localSide } from "../src/sync/local-side.ts";
import { SyncReport } from "../src/sync/sync-report.ts";
import { SyncRun } from "../src/sync/sync-run.ts";

let root: string;
const { exitCode } = process;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "naru-deletion-"));
});
afterAll(async () => {
  process.exitCode = exitCode;
  await rm(root, { recursive: true });
});

/** Make `folder` what a source with the file `a` alone is; `during` runs when all is carried and nothing is deleted yet. */
async function syncInto(folder: string, during: (report: SyncReport) => Promise<void>): Promise<string> {
  const { signal } = new AbortController();
  await using network = networkOf(undefined);
  await using checksums = new LocalChecksums();
  const said: string[] = [];
  const progress = { ...openProgress({ write: () => true }), say: (text: string) => void said.push(text) };
  const report = new SyncReport({ progress, signal, json: false, dryRun: false, direction: "down" });
  const api = new NaruApi({ origin: "http://127.0.0.1:9", auth: undefined });
  const context = { api, network, checksums, progress, signal, route: "auto", json: false } as const;
  const down = downCarrier(
    { ...context, concurrency: 1, filesAtOnce: 1, smallFilesAtOnce: 1 },
    { root: folder, outcomes: report },
  );
  const carrier: Carrier = { ...down, carry: async () => undefined, finish: () => during(report) };
  const source = {
    read: async () => {
      const content = new FolderBuilder();
      content.file({ name: "a", size: 1, modifiedMs: 0 });
      return content;
    },
    fault: () => undefined,
  };
  const rules = { deletes: true, allowEmpty: false, dryRun: false, differs: async () => false, from: "source" };
  await new SyncRun({ source, target: localSide(folder), carrier, report, progress, signal, ...rules }).run();
  return said.join("\n");
}

async function filled(name: string): Promise<string> {
  const folder = join(root, name);
  await mkdir(join(folder, "gone/deep"), { recursive: true });
  await mkdir(join(folder, "other"));
  for (const file of ["a", "old", "changing", "gone/deep/x", "other/y"]) await writeFile(join(folder, file), "1");
  return folder;
}

const all = async (folder: string): Promise<string[]> => (await readdir(folder, { recursive: true })).sort();

test("what comes or changes while a sync runs is not deleted, nor the folder it is in", async () => {
  const folder = await filled("changing");
  const said = await syncInto(folder, async () => {
    await writeFile(join(folder, "gone/deep/new"), "somebody's only copy");
    await writeFile(join(folder, "changing"), "written meanwhile");
  });
  expect(await all(folder)).toEqual(["a", "changing", "gone", "gone/deep", "gone/deep/new", "gone/deep/x"]);
  expect(said).toMatch(/Cannot delete "gone\/": something in it has changed/u);
  expect(said).toMatch(/Cannot delete ".*changing": it has changed/u);
});

test("a folder that holds what no sync carries is not deleted with it", async () => {
  const folder = await filled("holding");
  await symlink("nowhere", join(folder, "gone/deep/link"));
  const said = await syncInto(folder, async () => undefined);
  expect(await all(folder)).toEqual(["a", "gone", "gone/deep", "gone/deep/link", "gone/deep/x"]);
  expect(said).toContain('gone: left out, "gone/deep/link" is in it');
});

test("nothing is deleted when a file has not arrived, unless for want of room", async () => {
  const folder = await filled("failing");
  const before = await all(folder);
  const why = await syncInto(folder, async (report) => report.failed("b", new TransferError("unreachable", "cut")));
  expect(why).toContain("not all files have arrived");
  expect(await all(folder)).toEqual(before);
  await syncInto(folder, async (report) => report.failed("b", new TransferError("no-space", "full")));
  expect(await all(folder)).toEqual(["a"]);
});
