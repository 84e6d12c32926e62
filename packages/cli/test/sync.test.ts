import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSyncPlace, type SyncPlace } from "./sync-place.ts";

let sync: SyncPlace;
beforeAll(async () => {
  sync = await openSyncPlace();
});
afterAll(() => sync[Symbol.asyncDispose]());

test("a folder is sent, then only what is new or changed; --dry-run tells it and does nothing", async () => {
  await sync.makeFiles("up", { a: "a", "한글/b": "b", "large.bin": new Uint8Array(2 * MiB) });
  await mkdir(sync.at("up/empty"));
  const plan = (await sync.synced(sync.at("up"), "up/", "--dry-run")).lines;
  expect(plan.map(({ would, path }) => `${would} ${path}`).sort()).toEqual([
    "folder up/empty/",
    "new up/a",
    "new up/large.bin",
    "new up/한글/b",
  ]);
  expect(await sync.remote("up/")).toEqual([]);
  expect(await sync.paths(sync.at("up"), "up/")).toEqual(["up/a", "up/empty/", "up/large.bin", "up/한글/b"]);
  expect(await sync.paths(sync.at("up"), "up/")).toEqual([]);
  await sync.makeFiles("up", { "한글/b": "B", c: "c" });
  await rm(sync.at("up/a"));
  expect(await sync.paths(sync.at("up"), "up/")).toEqual(["up/c", "up/한글/b"]);
  expect(await sync.remote("up/")).toEqual(["a", "c", "large.bin", "한글/b"]);
  expect(await sync.paths(sync.at("up"), "up/", "--delete", "--dry-run")).toEqual(["up/a"]);
  expect(await sync.paths(sync.at("up"), "up/", "--delete")).toEqual(["- up/a"]);
  expect(await sync.remote("up/")).toEqual(["c", "large.bin", "한글/b"]);
});

test("the other way files come with their times, so that both ways then find nothing to do", async () => {
  await sync.makeFiles("there", { x: "x", "d/y": "y", "large.bin": new Uint8Array(3 * MiB).fill(7) });
  const old = new Date("2020-02-02T02:02:02.222Z");
  await utimes(sync.at("there/x"), old, old);
  await sync.paths(sync.at("there"), "there/");
  expect(await sync.paths("there/", sync.at("back"))).toEqual(["there/d/y", "there/large.bin", "there/x"]);
  expect(Math.round((await stat(sync.at("back/x"))).mtimeMs)).toBe(old.getTime());
  expect(await sync.paths("there/", sync.at("back"))).toEqual([]);
  expect(await sync.paths(sync.at("back"), "there/")).toEqual([]);

  await sync.makeFiles("back", { junk: "junk", "jd/junk": "junk", "half.naru-part": "", "x.naru-part": "" });
  await writeFile(sync.at("back/d/y"), "Y");
  expect(await sync.paths("there/", sync.at("back"), "--delete")).toEqual([
    `- ${sync.at("back/half.naru-part")}`,
    `- ${sync.at("back/jd")}/`,
    `- ${sync.at("back/junk")}`,
    "there/d/y",
  ]);
  expect((await readdir(sync.at("back"))).sort()).toEqual(["d", "large.bin", "x", "x.naru-part"]);
  expect(await readFile(sync.at("back/d/y"), "utf8")).toBe("y");
});

test("an empty or missing source deletes nothing, unless it is asked for", async () => {
  await sync.makeFiles("keep", { a: "a", "d/b": "b" });
  await mkdir(sync.at("void/mount"), { recursive: true });
  await sync.paths(sync.at("keep"), "keep/");
  const empty = await sync.place.naru("sync", sync.at("void"), "keep/", "--delete");
  expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining("--allow-empty")]);
  const missing = await sync.place.naru("sync", sync.at("nowhere"), "keep/", "--delete", "--allow-empty");
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining("no such folder")]);
  expect((await sync.place.naru("sync", "naru:nowhere", sync.at("keep"), "--delete", "--allow-empty")).code).toBe(3);
  expect((await readdir(sync.at("keep"))).sort()).toEqual(["a", "d"]);
  expect(await sync.remote("keep/")).toEqual(["a", "d/b"]);
  expect(await sync.paths(sync.at("void"), "keep/", "--delete", "--allow-empty")).toEqual(["- keep/a", "- keep/d/"]);
});
