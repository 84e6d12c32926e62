import { once } from "node:events";
import { mkdir, readdir, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { MiB, type WireFilePage, type WireUpload } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, openPlace, type Place } from "./naru.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

const at = (...names: string[]): string => join(place.folder, ...names);

async function makeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(at(folder, file)), { recursive: true });
    await writeFile(at(folder, file), content);
  }
}

/** Run a sync; its lines of JSON. */
async function synced(
  ...args: string[]
): Promise<{ readonly ended: Ended; readonly lines: Record<string, unknown>[] }> {
  const ended = await place.naru("sync", ...args, "--json");
  const lines = ended.stdout.split("\n").filter((line) => line !== "");
  return { ended, lines: lines.map((line) => JSON.parse(line)) };
}

async function paths(...args: string[]): Promise<unknown[]> {
  const { ended, lines } = await synced(...args);
  expect(ended.code, ended.stderr).toBe(0);
  return lines.map(({ path, deleted, folder }) => path ?? (deleted ? `- ${deleted}` : `${folder}`)).sort();
}

async function asked<T>(path: string): Promise<T> {
  const { headers, origin } = place.api;
  return (await (await fetch(`${origin}${path}`, { headers })).json()) as T;
}

async function remote(folder: string): Promise<string[]> {
  const { files } = await asked<WireFilePage>(`/api/files?${new URLSearchParams({ prefix: folder })}`);
  return files.map(({ path }) => path.slice(folder.length)).sort();
}

test("a folder is sent, then only what is new or changed; --dry-run tells it and does nothing", async () => {
  await makeFiles("up", { a: "a", "한글/b": "b", "large.bin": new Uint8Array(2 * MiB) });
  await mkdir(at("up/empty"));
  const plan = (await synced(at("up"), "up/", "--dry-run")).lines;
  expect(plan.map(({ would, path }) => `${would} ${path}`).sort()).toEqual([
    "folder up/empty/",
    "new up/a",
    "new up/large.bin",
    "new up/한글/b",
  ]);
  expect(await remote("up/")).toEqual([]);
  expect(await paths(at("up"), "up/")).toEqual(["up/a", "up/empty/", "up/large.bin", "up/한글/b"]);
  expect(await paths(at("up"), "up/")).toEqual([]);
  await makeFiles("up", { "한글/b": "B", c: "c" });
  await rm(at("up/a"));
  expect(await paths(at("up"), "up/")).toEqual(["up/c", "up/한글/b"]);
  expect(await remote("up/")).toEqual(["a", "c", "large.bin", "한글/b"]);
  expect(await paths(at("up"), "up/", "--delete", "--dry-run")).toEqual(["up/a"]);
  expect(await paths(at("up"), "up/", "--delete")).toEqual(["- up/a"]);
  expect(await remote("up/")).toEqual(["c", "large.bin", "한글/b"]);
});

test("the other way files come with their times, so that both ways then find nothing to do", async () => {
  await makeFiles("there", { x: "x", "d/y": "y", "large.bin": new Uint8Array(3 * MiB).fill(7) });
  const old = new Date("2020-02-02T02:02:02.222Z");
  await utimes(at("there/x"), old, old);
  await paths(at("there"), "there/");
  expect(await paths("there/", at("back"))).toEqual(["there/d/y", "there/large.bin", "there/x"]);
  expect(Math.round((await stat(at("back/x"))).mtimeMs)).toBe(old.getTime());
  expect(await paths("there/", at("back"))).toEqual([]);
  expect(await paths(at("back"), "there/")).toEqual([]);

  await makeFiles("back", { junk: "junk", "jd/junk": "junk", "half.naru-part": "", "x.naru-part": "" });
  await writeFile(at("back/d/y"), "Y");
  expect(await paths("there/", at("back"), "--delete")).toEqual([
    `- ${at("back/half.naru-part")}`,
    `- ${at("back/jd")}/`,
    `- ${at("back/junk")}`,
    "there/d/y",
  ]);
  expect((await readdir(at("back"))).sort()).toEqual(["d", "large.bin", "x", "x.naru-part"]);
  expect(await readFile(at("back/d/y"), "utf8")).toBe("y");
});

test("what has another time only is not fetched again; with --checksum bytes decide, not times", async () => {
  await makeFiles("sum", { a: "aaaa", b: "bbbb" });
  await paths(at("sum"), "sum/");
  await paths("sum/", at("sum back"));
  const { mtime } = await stat(at("sum back/a"));
  const now = new Date();
  await utimes(at("sum back/b"), now, now);
  expect(await paths("sum/", at("sum back"))).toEqual([]);
  await writeFile(at("sum back/a"), "AAAA");
  await utimes(at("sum back/a"), mtime, mtime);
  expect(await paths("sum/", at("sum back"))).toEqual([]);
  await utimes(at("sum/b"), now, now);
  expect(await paths(at("sum"), "sum/", "--checksum")).toEqual([]);
  expect(await paths("sum/", at("sum back"), "--checksum")).toEqual(["sum/a"]);
  expect(await readFile(at("sum back/a"), "utf8")).toBe("aaaa");
});

test("an empty or missing source deletes nothing, unless it is asked for", async () => {
  await makeFiles("keep", { a: "a", "d/b": "b" });
  await mkdir(at("void/mount"), { recursive: true });
  await paths(at("keep"), "keep/");
  const empty = await place.naru("sync", at("void"), "keep/", "--delete");
  expect([empty.code, empty.stderr]).toEqual([1, expect.stringContaining("--allow-empty")]);
  const missing = await place.naru("sync", at("nowhere"), "keep/", "--delete", "--allow-empty");
  expect([missing.code, missing.stderr]).toEqual([3, expect.stringContaining("no such folder")]);
  expect((await place.naru("sync", "naru:nowhere", at("keep"), "--delete", "--allow-empty")).code).toBe(3);
  expect((await readdir(at("keep"))).sort()).toEqual(["a", "d"]);
  expect(await remote("keep/")).toEqual(["a", "d/b"]);
  expect(await paths(at("void"), "keep/", "--delete", "--allow-empty")).toEqual(["- keep/a", "- keep/d/"]);
});

test("what cannot be carried is said and stops nothing; only what is then missing makes a failure", async () => {
  await makeFiles("odd", { a: "a", "con.txt": "a device on Windows" });
  await symlink("/etc", at("odd/etc"));
  await symlink("nowhere", at("odd/dangling"));
  await symlink("a", at("odd/link"));
  const special = createServer();
  special.listen(at("odd/socket"));
  await once(special, "listening");
  const { ended, lines } = await synced(at("odd"), "odd/");
  expect(ended.code).toBe(1);
  expect(lines.map(({ path }) => path).sort()).toEqual(["odd/a", "odd/link"]);
  expect(ended.stderr).toContain('Cannot use the path "odd/con.txt"');
  for (const name of ["etc: left out", "dangling: left out", "socket: left out"]) expect(ended.stderr).toContain(name);
  await rm(at("odd/con.txt"));
  special.close();
  expect(await paths(at("odd"), "odd/", "--delete")).toEqual([]);
});

test("a file where a folder has to go, and a folder where a file has to, are replaced only with --delete", async () => {
  await makeFiles("met", { x: "x", "y/z": "z", w: "w" });
  await paths(at("met"), "met/");
  await rm(at("met"), { recursive: true });
  await makeFiles("met", { "x/x": "x", y: "y", w: "w" });
  const refused = await place.naru("sync", at("met"), "met/");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("--delete removes it")]);
  await paths(at("met"), "met/", "--delete");
  expect(await remote("met/")).toEqual(["w", "x/x", "y"]);
  await makeFiles("met back", { x: "x", "y/z": "z" });
  await paths("met/", at("met back"), "--delete");
  expect(await readFile(at("met back/x/x"), "utf8")).toBe("x");
  expect(await readFile(at("met back/y"), "utf8")).toBe("y");
});

test("a sync that was killed resumes: what has arrived is not sent again", async () => {
  await makeFiles("cut", { "large.bin": new Uint8Array(24 * MiB).fill(1), a: "a" });
  const args = ["sync", at("cut"), "cut/", "--concurrency", "1", "--limit", "8M"];
  const child = place.start(args);
  for (let sent = 0; sent === 0; ) {
    const [upload] = (await asked<{ uploads: readonly WireUpload[] }>("/api/uploads")).uploads;
    if (upload === undefined) continue;
    const { receipts = [] } = await asked<WireUpload>(`/api/uploads/${upload.id}`);
    sent = receipts.length;
  }
  child.kill("SIGINT");
  const [code] = await once(child, "exit");
  expect(code).toBe(130);
  const { ended, lines } = await synced(at("cut"), "cut/");
  expect(ended.code, ended.stderr).toBe(0);
  const large = lines.find(({ path }) => path === "cut/large.bin");
  expect(Number(large?.["partsSkipped"])).toBeGreaterThan(0);
  expect(await remote("cut/")).toEqual(["a", "large.bin"]);
});
