import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, open, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { connect, createServer, type Server } from "node:net";
import { join } from "node:path";
import { crc64, MiB } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ended, openPlace, type Place, password } from "./naru.ts";

let place: Place;
beforeAll(async () => {
  place = await openPlace();
});
afterAll(() => place[Symbol.asyncDispose]());

async function fileOf(name: string, size: number): Promise<{ file: string; bytes: Buffer }> {
  const bytes = randomBytes(size);
  const file = join(place.folder, name);
  await writeFile(file, bytes);
  return { file, bytes };
}

test("a file goes there and comes back, and is removed", async () => {
  const { file, bytes } = await fileOf("한글 이름.bin", 20 * MiB + 5);
  const put = await place.naru("put", file, "--to", "docs/", "--json");
  expect(put.code, put.stderr).toBe(0);
  const path = "docs/한글 이름.bin";
  const checksum = crc64(bytes);
  expect(JSON.parse(put.stdout)).toMatchObject({ path, size: bytes.length, checksum, route: "proxy", partsSkipped: 0 });
  expect((await place.naru("ls", "docs/")).stdout).toContain(path);

  const back = join(place.folder, "back.bin");
  const get = await place.naru("get", path, back, "--json");
  expect(get.code, get.stderr).toBe(0);
  expect(JSON.parse(get.stdout)).toMatchObject({ path, size: bytes.length, checksum });
  expect(bytes.equals(await readFile(back))).toBe(true);
  expect((await readdir(place.folder)).filter((name) => name.includes("naru-part"))).toEqual([]);

  expect((await place.naru("rm", path)).code).toBe(0);
  expect((await place.naru("rm", path)).code).toBe(3);
});

test("a folder arrives with what is in it, small files many in a request", async () => {
  const folder = join(place.folder, "tree");
  await mkdir(join(folder, "deep"), { recursive: true });
  await Promise.all([1, 2, 3].map((index) => writeFile(join(folder, "deep", `f${index}`), `file ${index}`)));
  await writeFile(join(folder, "empty"), "");
  const put = await place.naru("put", folder, "--json");
  expect(put.code, put.stderr).toBe(0);
  expect(put.stdout.trim().split("\n")).toHaveLength(4);
  const listed = await place.naru("ls", "tree/", "--all");
  for (const name of ["tree/deep/f1", "tree/deep/f2", "tree/deep/f3", "tree/empty"]) {
    expect(listed.stdout).toContain(name);
  }
  const back = join(place.folder, "f2");
  await place.naru("get", "tree/deep/f2", back);
  expect(await readFile(back, "utf8")).toBe("file 2");
  await place.naru("get", "tree/empty", back);
  expect(await readFile(back, "utf8")).toBe("");
});

/** Kill a command once so many bytes have passed, there or back; give its exit code. */
async function stopped(
  args: readonly string[],
  afterBytes: number,
  signal: NodeJS.Signals = "SIGKILL",
): Promise<number | null> {
  let passed = 0;
  const enough = Promise.withResolvers<void>();
  const relay: Server = createServer((near) => {
    const far = connect(place.port, "127.0.0.1");
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
    const count = (chunk: Buffer): void => {
      passed += chunk.length;
      if (passed >= afterBytes) enough.resolve();
    };
    near.on("data", count);
    far.on("data", count);
    near.pipe(far).pipe(near);
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  const address = relay.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const NARU_URL = `http://admin:${encodeURIComponent(password)}@127.0.0.1:${port}`;
  const child = place.start(args, { NARU_URL });
  await enough.promise;
  child.kill(signal);
  const { code } = await ended(child);
  relay.close();
  return code;
}

function killedPut(file: string, afterBytes: number): Promise<number | null> {
  return stopped(["put", file, "--part-size", "1", "--concurrency", "2"], afterBytes);
}

test("a killed put goes on where it stopped; parts that had arrived are not sent again", async () => {
  const { file, bytes } = await fileOf("killed.bin", 48 * MiB);
  await killedPut(file, 16 * MiB);
  expect((await place.naru("uploads")).stdout).toContain("killed.bin");
  // Another machine knows nothing of the first run: the server's list does.
  const elsewhere = { XDG_STATE_HOME: join(place.folder, "elsewhere") };
  const put = await place.naruWith(elsewhere, "put", file, "--json");
  expect(put.code, put.stderr).toBe(0);
  const line = JSON.parse(put.stdout);
  expect(line.partsSkipped).toBeGreaterThan(8);
  expect(line.bytesSent).toBe(bytes.length - line.partsSkipped * MiB);
  expect(line.checksum).toBe(crc64(bytes));
  expect((await place.naru("uploads")).stdout).toBe("");
});

test("a file that changed after the cut is sent as it is now", async () => {
  const { file } = await fileOf("changed.bin", 32 * MiB);
  const time = new Date(Date.now() - 60_000);
  await utimes(file, time, time);
  await killedPut(file, 8 * MiB);
  const bytes = randomBytes(32 * MiB);
  await writeFile(file, bytes);
  // Same size, same time, other bytes: only the MD5 of a part that is there already tells.
  await utimes(file, time, time);
  const put = await place.naru("put", file, "--json");
  expect(put.code, put.stderr).toBe(0);
  expect(put.stderr).toContain("another file");
  expect(JSON.parse(put.stdout)).toMatchObject({ partsSkipped: 0, checksum: crc64(bytes) });
});

test("a put that is interrupted says 130 and keeps what has arrived", async () => {
  const { file } = await fileOf("interrupted.bin", 256 * MiB);
  expect(await stopped(["put", file, "--part-size", "1", "--concurrency", "2"], 16 * MiB, "SIGINT")).toBe(130);
  const unfinished = await place.naru("uploads", "--json");
  const lines: { id: string; path: string }[] = unfinished.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const id = lines.find(({ path }) => path === "interrupted.bin")?.id ?? "";
  expect((await place.naru("uploads", "--abort", id)).code).toBe(0);
  expect((await place.naru("uploads")).stdout).not.toContain("interrupted.bin");
});

test("what the disk has lost of an unfinished get comes again", async () => {
  const { file, bytes } = await fileOf("half.bin", 96 * MiB);
  await place.naru("put", file);
  const back = join(place.folder, "half.back");
  const get = ["get", "half.bin", back, "--concurrency", "1"];
  await stopped(get, 85 * MiB);
  const part = await open(`${back}.naru-part`, "r+");
  await part.write(Buffer.alloc(4096), 0, 4096, MiB);
  await part.close();
  const again = await place.naru(...get, "--json");
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout)).toMatchObject({ checksum: crc64(bytes) });
  expect(bytes.equals(await readFile(back))).toBe(true);
});

test("a killed get goes on where it stopped, and begins anew when the file has changed", async () => {
  const { file, bytes } = await fileOf("fetched.bin", 96 * MiB);
  await place.naru("put", file);
  const back = join(place.folder, "fetched.back");
  const get = ["get", "fetched.bin", back, "--concurrency", "1"];
  await stopped(get, 85 * MiB);
  await expect(readFile(back)).rejects.toThrow("ENOENT");
  const again = await place.naru(...get, "--json");
  expect(again.code, again.stderr).toBe(0);
  const line = JSON.parse(again.stdout);
  expect(line.partsSkipped).toBeGreaterThan(0);
  expect(line.bytesReceived).toBe(bytes.length - line.partsSkipped * 16 * MiB);
  expect(bytes.equals(await readFile(back))).toBe(true);

  await rm(back);
  await stopped(get, 85 * MiB);
  const newer = randomBytes(90 * MiB);
  await writeFile(file, newer);
  await place.naru("put", file);
  const whole = await place.naru(...get, "--json");
  expect(whole.stderr).toContain("it changed on the server");
  expect(JSON.parse(whole.stdout)).toMatchObject({ partsSkipped: 0, checksum: crc64(newer) });
  expect(newer.equals(await readFile(back))).toBe(true);
});

test("several paths come as one ZIP file, and a killed get --zip resumes", async () => {
  const { file, bytes } = await fileOf("zipped 한글.bin", 48 * MiB);
  await mkdir(join(place.folder, "zip/deep"), { recursive: true });
  await writeFile(join(place.folder, "zip/deep/small"), "small");
  await place.naru("put", file, join(place.folder, "zip"), "--to", "packed/");
  const to = join(place.folder, "all.zip");
  const get = ["get", "packed/zipped 한글.bin", "packed/zip", "--zip", "--to", to, "--concurrency", "1"];
  await stopped(get, 36 * MiB);
  await expect(readFile(to)).rejects.toThrow("ENOENT");
  const again = await place.naru(...get, "--json");
  expect(again.code, again.stderr).toBe(0);
  expect(JSON.parse(again.stdout).partsSkipped).toBeGreaterThan(0);
  const zip = await readFile(to);
  // Without compression: the names and the bytes stand in it, if in blocks.
  const blocks = [0, 300, 700].map((block) => bytes.subarray(block * 65_535, (block + 1) * 65_535));
  for (const part of [...blocks, Buffer.from("zipped 한글.bin"), Buffer.from("zip/deep/small")])
    expect(zip.includes(part)).toBe(true);
  const into = await place.naru("get", "packed/zip/", "--zip", "--to", `${place.folder}/`);
  expect(into.code, into.stderr).toBe(0);
  expect((await readFile(join(place.folder, "zip.zip"))).includes("deep/small")).toBe(true);
  expect((await place.naru("get", "packed/zip", "packed/none", "--zip", "--to", to)).code).toBe(3);
});

test("two files never become one: the first has the name, and the other is told", async () => {
  for (const folder of ["one", "two"]) {
    await mkdir(join(place.folder, folder), { recursive: true });
    await writeFile(join(place.folder, folder, "same.txt"), folder);
  }
  const [one, two] = ["one", "two"].map((folder) => join(place.folder, folder, "same.txt"));
  const put = await place.naru("put", one ?? "", two ?? "", one ?? "", "--to", "clash/", "--json");
  expect(put.code).toBe(1);
  expect(put.stderr).toContain(`Cannot send "${two}": "${one}" goes to "clash/same.txt" too`);
  expect(put.stdout.trim().split("\n")).toHaveLength(1);
  const renamed = await place.naru("put", one ?? "", two ?? "", "--to", "clash/", "--conflict", "rename", "--json");
  expect(renamed.code, renamed.stderr).toBe(0);
  const paths = renamed.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).path);
  // What is there with the same bytes needs no other name.
  expect(paths.sort()).toEqual(["clash/same (2).txt", "clash/same.txt"]);
});

test("what of a folder cannot be sent is told, and the rest is sent", async () => {
  const folder = join(place.folder, "mixed");
  await mkdir(folder);
  await writeFile(join(folder, "plain"), "plain");
  await symlink("plain", join(folder, "link"));
  await symlink("nowhere", join(folder, "broken"));
  const put = await place.naru("put", folder, join(place.folder, "missing"), "--json");
  expect(put.code).toBe(1);
  expect(put.stderr).toContain('/broken": it is a link that leads to nothing');
  expect(put.stderr).toContain('/missing": there is no such file');
  const paths = put.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).path);
  expect(paths.sort()).toEqual(["mixed/link", "mixed/plain"]);
});

test("exit codes tell what went wrong, and the words what to do", async () => {
  expect((await place.naru("get", "nothing/here")).code).toBe(3);
  expect((await place.naru("put", join(place.folder, "missing"))).code).toBe(3);
  expect((await place.naru("put")).code).toBe(2);
  expect((await place.naru("put", "x", "--route", "sideways")).code).toBe(2);
  const anonymous = await place.naruWith({ NARU_URL: `http://127.0.0.1:${place.port}` }, "ls");
  expect(anonymous.code).toBe(4);
  expect(anonymous.stderr).toContain("NARU_TOKEN");
  const away = await place.naruWith({ NARU_URL: "http://127.0.0.1:1" }, "ls");
  expect(away.code).toBe(1);
  const { file: there } = await fileOf("there.bin", 10);
  await place.naru("put", there);
  const nowhere = await place.naru("get", "there.bin", join(place.folder, "no", "folder.bin"));
  expect(nowhere.stderr).toMatch(/^naru: Cannot use ".*folder\.bin.*": it, or its folder, is not there$/mu);
  expect((await place.naru("put", "--help")).stdout).toContain("Examples:");
  const { file } = await fileOf("direct.bin", 10);
  expect((await place.naru("put", file, "--route", "direct")).code).toBe(1);
});

test("output that nobody reads any more stops nothing and is no error", async () => {
  const { file } = await fileOf("unread.bin", MiB);
  for (const command of [["--help"], ["put", file, "--json"]]) {
    const child = place.start(command);
    child.stdout?.destroy();
    expect(await ended(child)).toMatchObject({ code: 0, stderr: expect.not.stringContaining("EPIPE") });
  }
  expect((await place.naru("ls")).stdout).toContain("unread.bin");
});
