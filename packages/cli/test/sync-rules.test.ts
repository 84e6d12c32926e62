import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TransferError } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openProgress } from "../src/progress.ts";
import { FolderBuilder } from "../src/sync/folder-builder.ts";
import { isSameTime } from "../src/sync/same-file.ts";
import { placesOf } from "../src/sync/sync-places.ts";
import { SyncReport } from "../src/sync/sync-report.ts";
import { SyncRun } from "../src/sync/sync-run.ts";
import type { SyncSide } from "../src/sync/sync-side.ts";

let folder: string;
const before = process.cwd();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-sync-"));
  await mkdir(join(folder, "here"));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

test("times are the same when a store has rounded one of them, to seconds or to even seconds, and else only then", () => {
  const time = Date.parse("2026-11-30T10:00:01.234Z");
  const pairs = [
    [time, time],
    [time, time + 1],
    [time, time - 234],
    [time, time - 1234],
    [time, time + 766],
  ] as const;
  for (const [one, other] of pairs) expect([isSameTime(one, other), isSameTime(other, one)]).toEqual([true, true]);
  expect([time + 2, time + 1000, time - 2234].map((other) => isSameTime(time, other))).toEqual([false, false, false]);
});

test("which folder is at the server is told by naru: and ./, or by the final slash", async () => {
  const up = { direction: "up", prefix: "a/b/" };
  const down = { direction: "down", prefix: "a/b/" };
  expect(await placesOf("here", "a/b/")).toEqual({ ...up, local: "here" });
  expect(await placesOf("a/b/", "here")).toEqual({ ...down, local: "here" });
  expect(await placesOf("a/b/", "new")).toEqual({ ...down, local: "new" });
  expect(await placesOf("./here/", "a/b")).toEqual({ ...up, local: "./here/" });
  expect(await placesOf("here/", "naru:a/b")).toEqual({ ...up, local: "here/" });
  expect(await placesOf("naru:/a/b", "here/")).toEqual({ ...down, local: "here/" });
  expect(await placesOf("/x", "naru:")).toEqual({ direction: "up", local: "/x", prefix: "" });
});

test("where that does not tell, nothing is guessed", async () => {
  for (const [from, to] of [
    ["a", "b"],
    ["a/", "b/"],
    ["here/", "backup"],
    ["./a", "/b"],
    ["naru:a", "naru:b"],
  ] as const) {
    await expect(placesOf(from, to)).rejects.toThrow(/^Cannot (tell|sync)/u);
  }
  await expect(placesOf("here", "naru:../b")).rejects.toThrow("Cannot use the path");
});

/** A side with one file in each folder; `broken` cannot be read. */
function sideOf(folders: readonly string[], file: string): SyncSide {
  return {
    read: async (folder) => {
      if (folder === "broken") throw new TransferError("forbidden", 'Cannot read the folder "broken"');
      const content = new FolderBuilder();
      if (folder === "") for (const name of folders) content.folder(name);
      content.file({ name: file, size: 1, modifiedMs: 0 });
      return content;
    },
    fault: () => undefined,
  };
}

test("nothing is deleted when the source could not be read in full: what looks missing may be there", async () => {
  const { signal } = new AbortController();
  const exitCode = process.exitCode;
  const said: string[] = [];
  const progress = { ...openProgress({ write: () => true }), say: (text: string) => said.push(text) };
  const done: string[] = [];
  const run = (folders: readonly string[]): Promise<void> =>
    new SyncRun({
      source: sideOf(folders, "new"),
      target: sideOf(["whole", "gone"], "old"),
      carrier: {
        nameOf: (to) => to,
        carry: async ({ to }) => void done.push(to),
        makeFolder: async () => undefined,
        remove: async (to) => void done.push(`- ${to}`),
        finish: async () => undefined,
      },
      report: new SyncReport({ progress, signal, json: false, dryRun: false, direction: "up" }),
      differs: async () => true,
      progress,
      signal,
      from: "source",
      dryRun: false,
      deletes: true,
      allowEmpty: false,
    }).run();
  await run(["whole", "broken"]);
  expect(done.splice(0).sort()).toEqual(["new", "whole/new"]);
  expect(said.join("\n")).toContain("not all of the source could be read");
  await run(["whole"]);
  expect(done.sort()).toEqual(["- gone", "- old", "- whole/old", "new", "whole/new"]);
  process.exitCode = exitCode;
});
