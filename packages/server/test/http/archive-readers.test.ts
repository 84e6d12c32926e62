import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, mkdtempDisposable, readdir, readFile, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Program } from "../../../../test/harness/program.ts";
import { needs } from "../../../../test/peers/needs.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { Client } from "./client.ts";

needs("unzip", "7z", "7zz", "bsdtar", "busybox", "jar", "/usr/bin/python3", "zip");

let door: HttpDoor;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
const at = (...path: string[]): string => join(folder.path, ...path);

/** Of those that another program put there no CRC is known: they are framed. The others are stored. */
const contents = new Map<string, Buffer>();
const byHand = { "빈 파일": 0, "블록 하나.bin": 65_535, "deep/하위/블록 둘.bin": 65_536, "large.bin": 1_200_000, x: 1 };
const sent = { "보낸 것.bin": 70_000, "sent/empty": 0, "sent/한글 (1) & 100%.txt": 12 };
const modified = new Date("2026-11-29T20:30:10Z");

beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), "naru-readers-"));
  await mkdir(at("store"));
  door = await httpDoor(await fileStore(at("store")));
  const admin = Client.basic(door.origin, door.user, door.password);
  const put = async (path: string, content: Buffer): Promise<void> => {
    contents.set(path, content);
    const address = path.split("/").map(encodeURIComponent).join("/");
    await admin.call("PUT", `/api/files/tree/${address}`, { body: new Uint8Array(content) });
  };
  for (const [path, size] of Object.entries(sent)) await put(path, randomBytes(size));
  await mkdir(at("store/tree/빈 폴더"));
  for (const [path, size] of Object.entries(byHand)) await write(path, randomBytes(size));
  // A reader of a stream must not take an archive within the archive for the end of it.
  await run(["zip", "-q", "-0", at("inner.zip"), at("store/tree/large.bin")]);
  await write("a zip inside.zip", await readFile(at("inner.zip")));
  await put("sent/a zip inside.zip", await readFile(at("inner.zip")));
  for (const path of Object.keys(byHand)) await utimes(at("store/tree", path), modified, modified);
  for (const [name, path] of [
    ["all.zip", "tree/"],
    ["known.zip", "tree/sent/"],
  ] as const) {
    const answer = await admin.call("GET", `/api/archive?path=${encodeURIComponent(path)}`);
    await pipeline(Readable.from(answer.body ?? []), createWriteStream(at(name)));
  }
});
afterAll(async () => {
  await door.close();
  await folder.remove();
});

async function write(path: string, content: Buffer): Promise<void> {
  contents.set(path, content);
  await mkdir(dirname(at("store/tree", path)), { recursive: true });
  await writeFile(at("store/tree", path), content);
}

async function run(command: readonly string[], cwd = folder.path): Promise<string> {
  const [program = "", ...args] = command;
  await using ran = new Program(program, args, { cwd, env: { LC_ALL: "C.UTF-8", TZ: "UTC" } });
  if ((await ran.exited) !== 0) throw new Error(`${command.join(" ")}: ${ran.output}`);
  return ran.output;
}

/** How each reader unpacks an archive into the folder that it runs in. */
const fromFile: Readonly<Record<string, (zip: string) => readonly string[]>> = {
  unzip: (zip) => ["unzip", "-q", zip],
  "7z": (zip) => ["7z", "x", zip],
  "7zz": (zip) => ["7zz", "x", zip],
  bsdtar: (zip) => ["bsdtar", "-xf", zip],
  busybox: (zip) => ["busybox", "unzip", zip],
  jar: (zip) => ["jar", "xf", zip],
  zipfile: (zip) => ["/usr/bin/python3", "-m", "zipfile", "-e", zip, "."],
};
const fromPipe: typeof fromFile = {
  "bsdtar, piped": (zip) => ["sh", "-c", `cat ${zip} | bsdtar -xf -`],
  "jar, piped": (zip) => ["sh", "-c", `cat ${zip} | jar x`],
};
const fromKnownPipe: typeof fromFile = {
  "busybox, piped": (zip) => ["sh", "-c", `cat ${zip} | busybox unzip -q -`],
};

async function unpack(reader: string, command: readonly string[]): Promise<string> {
  const dir = at(reader);
  await mkdir(dir);
  await run(command, dir);
  return dir;
}

/** What is in a folder: files by their content, folders with a final `/`. */
async function treeIn(dir: string): Promise<ReadonlyMap<string, Buffer>> {
  const found = new Map<string, Buffer>();
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = path.slice(dir.length + 1);
    if (entry.isFile()) found.set(name, await readFile(path));
    else found.set(`${name}/`, Buffer.alloc(0));
  }
  return found;
}

const folders = ["", "deep/", "deep/하위/", "sent/", "빈 폴더/"];

async function expectAll(dir: string): Promise<void> {
  const found = await treeIn(dir);
  const expected = [...contents.keys(), ...folders].map((path) => `tree/${path}`);
  expect([...found.keys()].toSorted()).toEqual(expected.toSorted());
  for (const [path, content] of contents) {
    if (!found.get(`tree/${path}`)?.equals(content)) throw new Error(`"${path}" is not as it was`);
  }
}

test.each(Object.entries({ ...fromFile, ...fromPipe }))(
  "%s unpacks all of it, byte for byte",
  async (reader, command) => {
    await expectAll(await unpack(reader, command(at("all.zip"))));
  },
);

test.each(Object.entries(fromKnownPipe))("%s unpacks what was sent through the server", async (reader, command) => {
  const found = await treeIn(await unpack(reader, command(at("known.zip"))));
  const expected = [...contents.keys()].filter((path) => path.startsWith("sent/"));
  expect([...found.keys()].toSorted()).toEqual(["sent/", ...expected].toSorted());
  for (const path of expected) expect(found.get(path)?.equals(contents.get(path) ?? Buffer.alloc(0))).toBe(true);
});

test("all readers that look for damage find none", async () => {
  expect(await run(["unzip", "-tq", at("all.zip")])).toContain("No errors detected");
  for (const program of ["7z", "7zz"]) expect(await run([program, "t", at("all.zip")])).toContain("Everything is Ok");
  expect(await run(["/usr/bin/python3", "-m", "zipfile", "-t", at("all.zip")])).toContain("Done testing");
});

test("modification times and modes come along, of folders too, wherever a reader looks for them", async () => {
  // The others set no times.
  const { busybox: _busybox, zipfile: _zipfile, ...dated } = { ...fromFile, ...fromPipe };
  for (const [reader, command] of Object.entries(dated)) {
    const dir = await unpack(`dated ${reader}`, command(at("all.zip")));
    const file = await stat(join(dir, "tree/large.bin"));
    expect([reader, file.mtime]).toEqual([reader, modified]);
    if (reader.startsWith("jar") || reader === "bsdtar, piped") continue;
    const modes = [file, await stat(join(dir, "tree/빈 폴더"))].map(({ mode }) => (mode & 0o777).toString(8));
    expect([reader, ...modes]).toEqual([reader, "644", "755"]);
  }
});

test("an archive of a bucket is as good, also of what other programs put there", async () => {
  await using opened = await openS3();
  await using s3 = await httpDoor(opened.store);
  const me = Client.basic(s3.origin, s3.user, s3.password);
  await opened.plant("mixed/다른 프로그램.bin", new Uint8Array(randomBytes(150_000)));
  await opened.plant("mixed/same", new Uint8Array(randomBytes(10)));
  await opened.plant("mixed/same/below", new Uint8Array(randomBytes(10)));
  await me.call("PUT", "/api/files/mixed/sent", { body: "sent" });
  await me.call("PUT", "/api/folders/mixed/empty");
  const answer = await me.call("GET", "/api/archive?path=mixed/");
  await writeFile(at("bucket.zip"), new Uint8Array(await answer.arrayBuffer()));
  expect(await run(["unzip", "-tq", at("bucket.zip")])).toContain("No errors detected");
  const names = ["", "empty/", "same (2)", "same/", "same/below", "sent", "다른 프로그램.bin"];
  expect(await run(["unzip", "-Z1", at("bucket.zip")])).toBe(`${names.map((name) => `mixed/${name}`).join("\n")}\n`);
});
