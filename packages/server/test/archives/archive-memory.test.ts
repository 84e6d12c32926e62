import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { FilePage, ListOptions } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { Archive } from "../../src/archives/archive.ts";
import { archiveTree } from "../../src/archives/archive-tree.ts";
import { everything, Rights } from "../../src/catalogue/rights.ts";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";

const count = 70_000;
const pageOf = 1000;

/** A page of many files, made when it is asked for: only the archive keeps anything of them. */
function list({ prefix = "", cursor = "0" }: ListOptions = {}): Promise<FilePage> {
  const from = Number(cursor);
  const files = Array.from({ length: pageOf }, (_, i) => ({
    path: `${prefix}a file of many ${from + i}.txt`,
    size: 100,
    etag: `64-${(from + i).toString(16).padStart(16, "0")}`,
    modified: new Date(from + i),
  }));
  const next = from + pageOf;
  return Promise.resolve({ files, folders: [], cursor: next < count ? String(next) : undefined });
}

function inUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 ** 2;
}

test("what is kept of 70,000 files leaves room for the buffers of an archive within 32 MiB", async () => {
  const db = openDatabase(":memory:");
  const { catalogue } = openCatalogue({ store: memoryStore(), db, now: Date.now, log: silentLog() });
  const files = { ...catalogue.for({ account: "ann", door: "http" }), list };
  const { facts } = catalogue;
  const access = {
    files,
    facts,
    rights: new Rights(everything, { now: Date.now }),
    signal: AbortSignal.timeout(180_000),
  };
  const open = async (): Promise<Archive> => new Archive(await archiveTree(["many/"], access), { facts });
  // What is compiled and cached at the first is not counted.
  const first = await open();
  const before = inUse();
  const archive = await open();
  const kept = inUse() - before;
  expect(archive.etag).toBe(first.etag);
  expect(archive.layout.entries).toHaveLength(count + 1);
  // 26 slabs of 512 KiB and three buffers of 256 KiB.
  expect(kept).toBeLessThan(32 - 14);
  await db.destroy();
});
