import { mkdir, readdir, readFile, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Bucket } from "../../../test/harness/bucket.ts";
import { type CopyPlace, openCopyPlace } from "./copy-place.ts";

let world: CopyPlace;
let source: Bucket;
let target: Bucket;

beforeAll(async () => {
  world = await openCopyPlace();
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(async () => {
  [source, target] = await Promise.all([Bucket.make(), Bucket.make()]);
  world.wire.exchanges.length = 0;
  // The store of all tests keeps what is in it in memory.
  return () => Promise.all([source, target].map((bucket) => bucket[Symbol.asyncDispose]()));
});

const at = (...names: string[]): string => join(world.place.folder, ...names);
const old = new Date("2020-02-02T02:02:02.000Z");

async function makeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(at(folder, file)), { recursive: true });
    await writeFile(at(folder, file), content);
    await utimes(at(folder, file), old, old);
  }
}

const composed = "한글.txt".normalize("NFC");
const decomposed = "한글.txt".normalize("NFD");

/** A bucket behind the wire, whose store need not be asked what it is. */
function inCeph(bucket: Bucket): string {
  return `${bucket.storeUrl(world.wire.origin)}&profile=ceph`;
}

function filesIn(lines: Record<string, unknown>[]): Record<string, unknown>[] {
  return lines.filter(({ folder }) => folder === undefined);
}

async function plant(bucket: Bucket): Promise<void> {
  const mtime = { "x-amz-meta-mtime": String(old.getTime() / 1000), "content-type": "text/x-note" };
  await bucket.put("a.txt", "a", { ...mtime, "x-amz-meta-owner": "kim", "cache-control": "max-age=60" });
  await bucket.put("d/empty", "");
  await bucket.put(`d/${composed}`, "composed", mtime);
  await bucket.put(`d/${decomposed}`, "decomposed", mtime);
  await bucket.put("d/b (1)+&=!'.txt ", "b", mtime);
  await bucket.put("kept/", "");
  await bucket.put("z/large.bin", new Uint8Array(11 * MiB).fill(7), mtime);
}

test("between two buckets of one service the store copies: no bytes pass, and all that it keeps of a file comes along", async () => {
  await plant(source);
  const urls = [inCeph(source), inCeph(target)] as const;
  const lines = filesIn(await world.lines(...urls));
  expect(await target.keys()).toEqual(await source.keys());
  expect(new Set(lines.map(({ route, bytesSent }) => `${route} ${bytesSent}`))).toEqual(new Set(["server 0"]));
  const { exchanges } = world.wire;
  expect(exchanges.filter(({ method, url }) => method === "GET" && !url.searchParams.has("list-type"))).toEqual([]);
  expect(exchanges.filter(({ method }) => method === "PUT")).toHaveLength(7);
  expect(exchanges.filter(({ method }) => method === "HEAD")).toEqual([]);
  const head = await target.head("a.txt");
  const kept = ["content-type", "cache-control", "x-amz-meta-owner", "x-amz-meta-mtime"].map((name) => head.get(name));
  expect(kept).toEqual(["text/x-note", "max-age=60", "kim", "1580608922"]);

  exchanges.length = 0;
  expect(await world.lines(...urls)).toEqual([]);
  expect(exchanges.map(({ method }) => method)).toEqual(["GET", "GET"]);
});

test("between two services the bytes pass through, with type and time; a second run copies nothing", async () => {
  await plant(source);
  const urls = [source.storeUrl(), target.storeUrl(world.wire.origin)] as const;
  const lines = filesIn(await world.lines(...urls, "--verify"));
  expect(new Set(lines.map(({ route }) => route))).toEqual(new Set(["client"]));
  expect(lines.find(({ path }) => path === "z/large.bin")).toMatchObject({ bytesSent: 11 * MiB, parts: 2 });
  expect(await target.keys()).toEqual(await source.keys());
  for (const key of ["z/large.bin", "d/empty", `d/${decomposed}`, `d/${composed}`]) {
    expect([key, await target.sha256(key)]).toEqual([key, await source.sha256(key)]);
  }
  const head = await target.head("a.txt");
  expect([head.get("content-type"), head.get("x-amz-meta-mtime")]).toEqual(["text/x-note", "1580608922"]);
  expect(await world.lines(...urls)).toEqual([]);
});

test("a folder goes to a bucket and back, with its times and its empty folders; only what is new or changed follows", async () => {
  await makeFiles("media", { a: "a", "한글/b": "b", "large.bin": new Uint8Array(9 * MiB) });
  await mkdir(at("media/empty/er"), { recursive: true });
  const up = [`file:${at("media")}`, target.storeUrl()] as const;
  const plan = await world.lines(...up, "--dry-run");
  expect(plan.map(({ would, path }) => `${would} ${path}`).sort()).toEqual([
    "folder empty/er/",
    "new a",
    "new large.bin",
    "new 한글/b",
  ]);
  expect(await target.keys()).toEqual([]);
  await world.lines(...up);
  expect(await target.keys()).toEqual(["a", "empty/er/", "large.bin", "한글/b"]);
  expect(await readdir(at("media"))).not.toContain(".naru");
  expect(await world.lines(...up)).toEqual([]);
  await writeFile(at("media/한글/b"), "B!");
  await writeFile(at("media/new"), "new");
  const changed = await world.copy(...up);
  expect([changed.code, changed.stderr]).toEqual([0, expect.stringContaining("한글/b: replaced; it had 1 B")]);
  expect(changed.stderr).toContain("2 copied, 2 the same");

  const down = [target.storeUrl(), `file:${at("back")}`] as const;
  await world.lines(...down);
  expect((await readdir(at("back"), { recursive: true })).filter((name) => !name.startsWith(".naru")).sort()).toEqual([
    "a",
    "empty",
    "empty/er",
    "large.bin",
    "new",
    "한글",
    "한글/b",
  ]);
  expect((await stat(at("back/a"))).mtimeMs).toBe(old.getTime());
  expect(await readFile(at("back/한글/b"), "utf8")).toBe("B!");
  expect(await world.lines(...down)).toEqual([]);
});

test("a bucket goes to a running Naru and back; its names are composed there, and a twin is named", async () => {
  await plant(source);
  const up = [source.storeUrl(), world.naru("moved/")] as const;
  const { code, stderr } = await world.copy(...up);
  expect([code, stderr]).toEqual([6, expect.stringContaining("it has the same name as another one")]);
  expect(stderr).toContain("5 copied, 0 the same, 1 failed");
  expect((await world.copy(...up)).stderr).toContain("0 copied, 5 the same, 1 failed");
  await world.lines(world.naru("moved/"), target.storeUrl());
  expect(await target.keys()).toEqual([
    "a.txt",
    "d/b (1)+&=!'.txt ",
    "d/empty",
    `d/${composed}`,
    "kept/",
    "z/large.bin",
  ]);
  expect(await target.sha256("z/large.bin")).toBe(await source.sha256("z/large.bin"));
  const head = await target.head("a.txt");
  expect([head.get("content-type"), head.get("x-amz-meta-mtime")]).toEqual(["text/x-note", "1580608922"]);
  expect(await world.lines(world.naru("moved/"), target.storeUrl())).toEqual([]);
});

test("of two files that differ the newer one stays and is named, unless --conflict says otherwise", async () => {
  const urls = [source.storeUrl(), target.storeUrl()] as const;
  await source.put("a", "old");
  await target.put("a", "newer!", { "x-amz-meta-mtime": "4000000000" });
  const left = await world.copy(...urls);
  expect([left.code, left.stderr]).toEqual([0, expect.stringContaining("a: left out, the one at the target is newer")]);
  const failed = await world.copy(...urls, "--conflict", "fail");
  expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining("there is another file of this name")]);
  expect(await target.read("a")).toBe("newer!");
  const replaced = await world.copy(...urls, "--conflict", "overwrite");
  expect([replaced.code, replaced.stderr]).toEqual([0, expect.stringContaining("a: replaced; it had 6 B, of 20")]);
  expect(await target.read("a")).toBe("old");
});

test("what a target cannot take is named, and the rest is copied", async () => {
  await source.put("a//b", "1");
  await source.put("marker/", "2");
  await source.put("fine", "3");
  const { code, stderr } = await world.copy(source.storeUrl(), `file:${at("odd")}`);
  expect(code).toBe(6);
  expect(stderr).toMatch(/^naru: a\/\/b: .*/mu);
  expect(stderr).toMatch(/^naru: marker\/: .*/mu);
  expect(stderr).toContain("1 copied, 0 the same, 2 failed");
  expect(await readFile(at("odd/fine"), "utf8")).toBe("3");
});

test("only what is below --prefix is copied, and each end may have keys of its own", async () => {
  await source.put("in/a", "a");
  await source.put("in2/b", "b");
  const { AWS_ACCESS_KEY_ID = "", AWS_SECRET_ACCESS_KEY = "" } = source.credentials;
  const env = { FROM_AWS_ACCESS_KEY_ID: AWS_ACCESS_KEY_ID, FROM_AWS_SECRET_ACCESS_KEY: AWS_SECRET_ACCESS_KEY };
  const args = ["copy", source.storeUrl(), `file:${at("part")}`, "--prefix", "/in"];
  const { code, stderr } = await world.place.naruWith(
    { AWS_ACCESS_KEY_ID: "wrong", AWS_SECRET_ACCESS_KEY: "x", ...env },
    ...args,
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining("1 copied")]);
  expect(await readFile(at("part/in/a"), "utf8")).toBe("a");
  const wrong = await world.place.naruWith({ AWS_ACCESS_KEY_ID: "wrong", AWS_SECRET_ACCESS_KEY: "x" }, ...args);
  expect([wrong.code, wrong.stderr]).toEqual([4, expect.stringContaining("403")]);
});

test("a file that another program changes while it is copied is named, and nothing of it appears", async () => {
  await makeFiles("busy", { "large.bin": new Uint8Array(24 * MiB), small: "s" });
  world.wire.bytesPerSecond = 12 * MiB;
  const running = world.copy(`file:${at("busy")}`, target.storeUrl(world.wire.origin));
  await world.wire.until(() => world.wire.partPuts.some(({ bytes }) => bytes > 0));
  await writeFile(at("busy/large.bin"), new Uint8Array(20 * MiB));
  const { code, stderr } = await running;
  world.wire.bytesPerSecond = Number.POSITIVE_INFINITY;
  expect([code, stderr]).toEqual([6, expect.stringContaining("it changed while it was copied")]);
  expect(await target.keys()).toEqual(["small"]);
  expect(await target.unfinished()).toBe(0);
});

test("an end that is not there ends it at once, and nothing is made", async () => {
  const none = await world.copy(`file:${at("nowhere")}`, target.storeUrl());
  expect([none.code, none.stderr]).toEqual([3, expect.stringContaining("there is no such folder")]);
  const gone = await world.copy(source.storeUrl().replace(source.name, `${source.name}-none`), target.storeUrl());
  expect([gone.code, gone.stderr]).toEqual([3, expect.stringContaining("NoSuchBucket")]);
  const same = await world.copy(source.storeUrl(), source.storeUrl());
  expect([same.code, same.stderr]).toEqual([2, expect.stringContaining("both ends are the same")]);
});

test("a copy into what is copied is refused, and one beside it is not", async () => {
  await mkdir(at("whole/old"), { recursive: true });
  await writeFile(at("whole/old/a"), "a");
  const inside = await world.copy(`file:${at("whole")}`, `file:${at("whole")}/old/../copy`);
  expect([inside.code, inside.stderr]).toEqual([2, expect.stringContaining("lies inside it")]);
  await symlink(at("whole"), at("link"));
  const linked = await world.copy(`file:${at("whole")}`, `file:${at("link/old/new")}`);
  expect([linked.code, linked.stderr]).toEqual([2, expect.stringContaining("lies inside it")]);
  const bucket = await world.copy(source.storeUrl(), source.storeUrl().replace("?", "/backup?"));
  expect([bucket.code, bucket.stderr]).toEqual([2, expect.stringContaining("lies inside it")]);
  const naru = await world.copy("http://ann:secret@localhost:1/a/", "http://localhost:1/a/b/");
  expect([naru.code, naru.stderr]).toEqual([2, expect.stringContaining("lies inside it")]);
  expect(naru.stderr).not.toContain("secret");
  const beside = await world.copy(`file:${at("whole/old")}`, `file:${at("whole/old-too")}`);
  expect([beside.code, beside.stderr]).toEqual([0, expect.stringContaining("1 copied")]);
});
