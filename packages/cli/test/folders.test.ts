import { randomBytes } from "node:crypto";
import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPlace, type Place } from "./naru.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

/** Run a command that must work; its lines. */
async function lines(...args: string[]): Promise<string[]> {
  const { code, stdout, stderr } = await place.naru(...args);
  expect([args, code, stderr]).toEqual([args, 0, expect.anything()]);
  return stdout.split("\n").filter((line) => line !== "");
}

async function names(...args: string[]): Promise<string[]> {
  return (await lines("ls", "--json", ...args))
    .map((line) => JSON.parse(line))
    .map(({ folder, path }) => folder ?? path);
}

async function makeFiles(folder: string, files: readonly string[]): Promise<void> {
  for (const file of files) {
    await mkdir(join(place.folder, folder, file, ".."), { recursive: true });
    await writeFile(join(place.folder, folder, file), `${folder}/${file}`);
  }
}

test("folders are made, listed with or without a slash, and removed when they are empty", async () => {
  await lines("mkdir", "a/b/", "a/한글 폴더");
  await lines("mkdir", "a/b");
  expect(await names("a")).toEqual(["a/b/", "a/한글 폴더/"]);
  expect(await names("a/")).toEqual(["a/b/", "a/한글 폴더/"]);
  expect(await names("a/b")).toEqual([]);
  const full = await place.naru("rmdir", "a", "a/b");
  expect([full.code, full.stderr]).toEqual([
    1,
    expect.stringContaining('Cannot remove the folder "a": it is not empty'),
  ]);
  expect(await names("a")).toEqual(["a/한글 폴더/"]);
  const none = await place.naru("rmdir", "nowhere");
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("no such folder")]);
  expect((await place.naru("ls", "nowhere")).stderr).toContain('nothing is at "nowhere"');
  expect((await place.naru("ls", "nowhere/")).stderr).toContain('nothing is at "nowhere/"');
});

test("a folder arrives with its empty ones and comes back with them; run again, only what is missing comes", async () => {
  await makeFiles("tree", ["x", "deep/y", "deep/er/z"]);
  await mkdir(join(place.folder, "tree", "empty", "er"), { recursive: true });
  const put = await lines("put", join(place.folder, "tree"), "--to", "sent/", "--json");
  expect(put.map((line) => JSON.parse(line).folder).filter((folder) => folder)).toEqual(["sent/tree/empty/er/"]);
  expect(await names("sent/tree/empty")).toEqual(["sent/tree/empty/er/"]);

  const back = join(place.folder, "back");
  expect(await lines("get", "sent/tree/", back, "--json")).toHaveLength(3);
  const found = await readdir(back, { recursive: true });
  expect(found.sort()).toEqual(["deep", "deep/er", "deep/er/z", "deep/y", "empty", "empty/er", "x"]);
  expect(await readFile(join(back, "deep/er/z"), "utf8")).toBe("tree/deep/er/z");

  await rm(join(back, "x"));
  await writeFile(join(back, "deep/y"), "TREE/deep/y");
  const rest = await lines("get", "sent/tree", `${back}/`, "--json");
  expect(rest).toHaveLength(3);
  expect(await readdir(back)).toContain("tree");
  const into = join(place.folder, "into");
  await mkdir(into);
  await rename(back, join(into, "tree"));
  const again = await lines("get", "sent/tree", into, "--json");
  expect(again.map((line) => JSON.parse(line).path).sort()).toEqual(["sent/tree/deep/y", "sent/tree/x"]);
  expect(await readFile(join(into, "tree/deep/y"), "utf8")).toBe("tree/deep/y");
});

test("an empty folder alone is sent", async () => {
  await mkdir(join(place.folder, "nothing in it"));
  expect((await place.naru("put", join(place.folder, "nothing in it"))).code).toBe(0);
  expect(await names("nothing in it")).toEqual([]);
  expect(await names("nothing")).toEqual(["nothing in it/"]);
});

test("what of a folder meets a file on this disk is told, and the rest is fetched", async () => {
  await makeFiles("met", ["a/x", "b"]);
  await lines("put", join(place.folder, "met"));
  await makeFiles("to/met", ["a"]);
  const get = await place.naru("get", "met/", join(place.folder, "to"));
  expect(get.code).toBe(1);
  expect(get.stderr).toContain("there is a file where it needs a folder");
  expect(await readFile(join(place.folder, "to/met/b"), "utf8")).toBe("met/b");
  expect(await readFile(join(place.folder, "to/met/a"), "utf8")).toBe("to/met/a");
});

test("files and folders are renamed, into folders too, and replace nothing unless it is said", async () => {
  await makeFiles("mv", ["x", "y", "d/z"]);
  await lines("put", join(place.folder, "mv"));
  const taken = await place.naru("mv", "mv/x", "mv/y");
  expect([taken.code, taken.stderr]).toEqual([1, expect.stringContaining("already a file with this name")]);
  await lines("mv", "mv/x", "mv/d/");
  await lines("mv", "mv/y", "mv/d");
  expect(await names("mv/d")).toEqual(["mv/d/x", "mv/d/y", "mv/d/z"]);
  await lines("mv", "mv/d", "mv/new/deep");
  expect(await names("mv/new")).toEqual(["mv/new/deep/"]);
  await lines("mv", "mv/new/deep/", "/");
  expect(await names("deep")).toEqual(["deep/x", "deep/y", "deep/z"]);
  await lines("mv", "deep/x", "deep/y", "--conflict", "overwrite");
  expect(await names("deep")).toEqual(["deep/y", "deep/z"]);
  expect((await place.naru("mv", "deep", "mv/new", "--conflict", "overwrite")).code).toBe(2);
  expect((await place.naru("mv", "nothing", "x")).code).toBe(3);
});

test("a folder is removed only when it is said to be one, and what fails does not stop the rest", async () => {
  await makeFiles("rm", ["x", "d/y"]);
  await lines("put", join(place.folder, "rm"));
  for (const path of ["rm", "rm/"]) {
    const refused = await place.naru("rm", path);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("use naru rm -r")]);
  }
  expect((await place.naru("rm", "nothing", "rm/x")).code).toBe(3);
  expect(await names("rm")).toEqual(["rm/d/"]);
  await lines("rm", "-r", "rm/");
  expect(await names("rm")).toEqual([]);
});

test("the advice to leave --route out is given to those who chose one, where it is the cause", async () => {
  await makeFiles("route", ["x"]);
  const file = join(place.folder, "route/x");
  const put = await place.naru("put", file, "--route", "direct");
  expect([put.code, put.stderr]).toEqual([1, expect.stringContaining("leave --route out")]);
  await lines("put", file);
  const get = await place.naru("get", "x", join(place.folder, "route/back"), "--route", "direct");
  expect([get.code, get.stderr]).toEqual([1, expect.stringContaining("leave --route out")]);
});

test("several paths come together, each under its name; one that is missing stops none, and what is here is not fetched again", async () => {
  await makeFiles("many", ["one.txt", "two.txt", "sub/three.txt"]);
  await lines("put", join(place.folder, "many"));
  const back = join(place.folder, "several");
  const get = ["get", "many/one.txt", "many/sub/", "many/no.txt", "--to", back, "--json"];
  const first = await place.naru(...get);
  expect([first.code, first.stderr]).toEqual([3, expect.stringContaining('Cannot get "many/no.txt"')]);
  expect(await readFile(join(back, "one.txt"), "utf8")).toBe("many/one.txt");
  expect(await readFile(join(back, "sub/three.txt"), "utf8")).toBe("many/sub/three.txt");
  const [again] = await lines("get", "many/one.txt", join(back, "one.txt"), "--json");
  expect(JSON.parse(again ?? "")).toMatchObject({ path: "many/one.txt", bytesReceived: 0 });
  await writeFile(join(back, "one.txt"), "MANY/ONE.TXT");
  const [changed] = await lines("get", "many/one.txt", join(back, "one.txt"), "--json");
  expect(JSON.parse(changed ?? "")).toMatchObject({ bytesReceived: 12 });
});

test("of more than two paths it must be said which folder of this machine they go to, and none takes the place of another", async () => {
  const unclear = await place.naru("get", "a", "b", "c");
  expect([unclear.code, unclear.stderr]).toEqual([2, expect.stringContaining("--to")]);
  const clash = await place.naru("get", "x/same", "y/same", "--to", place.folder);
  expect([clash.code, clash.stderr]).toEqual([2, expect.stringContaining('"x/same" goes to')]);
  const file = await place.naru("get", "x", "y", "--to", join(place.folder, "many/one.txt"));
  expect([file.code, file.stderr]).toEqual([2, expect.stringContaining("it is not a folder")]);
});

test("a limit holds over all files of a command together, there and back", async () => {
  await mkdir(join(place.folder, "slow"));
  for (const name of ["a", "b"]) await writeFile(join(place.folder, "slow", name), randomBytes(512 * 1024));
  for (const command of [
    ["put", join(place.folder, "slow"), "--limit", "1M"],
    ["get", "slow/", join(place.folder, "slow back"), "--limit", "1M"],
  ]) {
    const began = performance.now();
    await lines(...command);
    expect([command[0], performance.now() - began]).toEqual([command[0], expect.toSatisfy((ms: number) => ms >= 950)]);
  }
  expect((await place.naru("put", place.folder, "--limit", "fast")).code).toBe(2);
});
