import { once } from "node:events";
import { readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSyncPlace, type SyncPlace } from "./sync-place.ts";

let sync: SyncPlace;
beforeAll(async () => {
  sync = await openSyncPlace();
});
afterAll(() => sync[Symbol.asyncDispose]());

test("what has another time only is not fetched again; with --checksum bytes decide, not times", async () => {
  await sync.makeFiles("sum", { a: "aaaa", b: "bbbb" });
  await sync.paths(sync.at("sum"), "sum/");
  await sync.paths("sum/", sync.at("sum back"));
  const { mtime } = await stat(sync.at("sum back/a"));
  const now = new Date();
  await utimes(sync.at("sum back/b"), now, now);
  expect(await sync.paths("sum/", sync.at("sum back"))).toEqual([]);
  await writeFile(sync.at("sum back/a"), "AAAA");
  await utimes(sync.at("sum back/a"), mtime, mtime);
  expect(await sync.paths("sum/", sync.at("sum back"))).toEqual([]);
  await utimes(sync.at("sum/b"), now, now);
  expect(await sync.paths(sync.at("sum"), "sum/", "--checksum")).toEqual([]);
  expect(await sync.paths("sum/", sync.at("sum back"), "--checksum")).toEqual(["sum/a"]);
  expect(await readFile(sync.at("sum back/a"), "utf8")).toBe("aaaa");
});

test("what cannot be carried is said and stops nothing; only what is then missing makes a failure", async () => {
  await sync.makeFiles("odd", { a: "a", "con.txt": "a device on Windows" });
  await symlink("/etc", sync.at("odd/etc"));
  await symlink("nowhere", sync.at("odd/dangling"));
  await symlink("a", sync.at("odd/link"));
  const special = createServer();
  special.listen(sync.at("odd/socket"));
  await once(special, "listening");
  const { ended, lines } = await sync.synced(sync.at("odd"), "odd/");
  expect(ended.code).toBe(1);
  expect(lines.map(({ path }) => path).sort()).toEqual(["odd/a", "odd/link"]);
  expect(ended.stderr).toContain('Cannot use the path "odd/con.txt"');
  for (const name of ["etc: left out", "dangling: left out", "socket: left out"]) expect(ended.stderr).toContain(name);
  await rm(sync.at("odd/con.txt"));
  special.close();
  expect(await sync.paths(sync.at("odd"), "odd/", "--delete")).toEqual([]);
});

test("a file where a folder has to go, and a folder where a file has to, are replaced only with --delete", async () => {
  await sync.makeFiles("met", { x: "x", "y/z": "z", w: "w" });
  await sync.paths(sync.at("met"), "met/");
  await rm(sync.at("met"), { recursive: true });
  await sync.makeFiles("met", { "x/x": "x", y: "y", w: "w" });
  const refused = await sync.place.naru("sync", sync.at("met"), "met/");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--delete removes it")]);
  await sync.paths(sync.at("met"), "met/", "--delete");
  expect(await sync.remote("met/")).toEqual(["w", "x/x", "y"]);
  await sync.makeFiles("met back", { x: "x", "y/z": "z" });
  await sync.paths("met/", sync.at("met back"), "--delete");
  expect(await readFile(sync.at("met back/x/x"), "utf8")).toBe("x");
  expect(await readFile(sync.at("met back/y"), "utf8")).toBe("y");
});

test("a sync that was killed resumes: what has arrived is not sent again", async () => {
  await sync.makeFiles("cut", { "large.bin": new Uint8Array(24 * MiB).fill(1), a: "a" });
  const args = ["sync", sync.at("cut"), "cut/", "--concurrency", "1", "--limit", "4M"];
  const child = sync.place.start(args);
  const { headers, origin } = sync.place.api;
  const asked = async (path: string) => (await fetch(`${origin}/api/uploads${path}`, { headers })).json();
  for (let held = 0; held === 0; ) {
    const [upload] = (await asked("")).uploads;
    if (upload !== undefined) held = (await asked(`/${upload.id}`)).receipts?.length ?? 0;
  }
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  const { ended, lines } = await sync.synced(sync.at("cut"), "cut/");
  expect(ended.code, ended.stderr).toBe(0);
  const large = lines.find(({ path }) => path === "cut/large.bin");
  expect(Number(large?.["partsSkipped"])).toBeGreaterThan(0);
  expect(await sync.remote("cut/")).toEqual(["a", "large.bin"]);
});
