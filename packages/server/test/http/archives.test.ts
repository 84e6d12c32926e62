import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtempDisposable, utimes, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { Client, verdict } from "./client.ts";

let door: HttpDoor;
let admin: Client;
let folder: Awaited<ReturnType<typeof mkdtempDisposable>>;
const inStore = (path: string): string => join(folder.path, path);

beforeAll(async () => {
  folder = await mkdtempDisposable(join(tmpdir(), "naru-archives-"));
  door = await httpDoor(await fileStore(folder.path));
  admin = Client.basic(door.origin, door.user, door.password);
  // Some are put there by another program: of those no CRC is known.
  await mkdir(inStore("사진/빈 폴더"), { recursive: true });
  await writeFile(inStore("사진/큰 것.bin"), randomBytes(2_000_000));
  await writeFile(inStore("사진/empty"), "");
  for (let i = 0; i < 40; i++) await writeFile(inStore(`사진/by hand ${i}.bin`), randomBytes(1000 + i * 3000));
  for (let i = 0; i < 5; i++)
    await admin.call("PUT", `/api/files/${encodeURIComponent("사진")}/sent${i}`, { body: `sent ${i}` });
  await admin.call("PUT", "/api/files/x/b.bin", { body: "b" });
  await admin.call("PUT", "/api/files/y/b.bin", { body: "other b" });
});
afterAll(async () => {
  await door.close();
  await folder.remove();
});

const address = (...paths: string[]): string =>
  `/api/archive?${paths.map((path) => `path=${encodeURIComponent(path)}`).join("&")}`;
const get = (paths: readonly string[], headers: Record<string, string> = {}): Promise<Response> =>
  admin.call("GET", address(...paths), { headers });
const bytesOf = async (answer: Promise<Response> | Response): Promise<Buffer> =>
  Buffer.from(await (await answer).arrayBuffer());
/** The names in an archive's directory. */
function namesIn(zip: Buffer): readonly string[] {
  const names: string[] = [];
  for (let at = zip.readUInt32LE(zip.length - 6); zip.readUInt32LE(at) === 0x0201_4b50; ) {
    const [name, extra] = [zip.readUInt16LE(at + 28), zip.readUInt16LE(at + 30)];
    names.push(zip.toString("utf8", at + 46, at + 46 + name));
    at += 46 + name + extra;
  }
  return names;
}

test("an archive says its length, its name and its tag beforehand, and is the same each time", async () => {
  const head = await admin.call("HEAD", address("사진/"));
  const first = await get(["사진/"]);
  const zip = await bytesOf(first);
  expect(head.status).toBe(200);
  for (const answer of [head, first]) {
    expect(answer.headers.get("content-length")).toBe(String(zip.length));
    expect(answer.headers.get("content-type")).toBe("application/zip");
    expect(answer.headers.get("accept-ranges")).toBe("bytes");
    expect(answer.headers.get("content-disposition")).toBe(
      `attachment; filename*=UTF-8''${encodeURIComponent("사진.zip")}`,
    );
    expect(answer.headers.get("etag")).toMatch(/^"[\w-]{27}"$/);
  }
  const second = await get(["사진/"]);
  expect(second.headers.get("etag")).toBe(first.headers.get("etag"));
  expect((await bytesOf(second)).equals(zip)).toBe(true);
});

test("any range of it can be read, also by several at once, and before the whole was ever read", async () => {
  await using fresh = await httpDoor(await fileStore(folder.path));
  const other = Client.basic(fresh.origin, fresh.user, fresh.password);
  const size = Number((await other.call("HEAD", address("사진/"))).headers.get("content-length"));
  const borders = [0, 100, size / 3, size / 2, size - 3000, size - 1, size].map(Math.floor);
  const ranges = borders.slice(1).map((end, i) => [borders[i] ?? 0, end] as const);
  // The last first: it is the directory, which has the CRCs of all.
  const parts = await Promise.all(
    ranges.toReversed().map(async ([start, end]) => {
      const answer = await other.call("GET", address("사진/"), { headers: { range: `bytes=${start}-${end - 1}` } });
      expect([answer.status, answer.headers.get("content-range")]).toEqual([206, `bytes ${start}-${end - 1}/${size}`]);
      return bytesOf(answer);
    }),
  );
  const whole = await bytesOf(other.call("GET", address("사진/")));
  expect(Buffer.concat(parts.toReversed()).equals(whole)).toBe(true);
});

test("what a file's CRC is found to be does not change the archive, nor does a restart of the server", async () => {
  await using data = await mkdtempDisposable(join(tmpdir(), "naru-data-"));
  const fetchTwice = async (): Promise<readonly (string | null)[]> => {
    await using fresh = await httpDoor(await fileStore(folder.path), { dataDir: data.path });
    const other = Client.basic(fresh.origin, fresh.user, fresh.password);
    const tags: (string | null)[] = [];
    for (let i = 0; i < 2; i++) {
      const answer = await other.call("GET", address("사진/"));
      await answer.arrayBuffer();
      tags.push(answer.headers.get("etag"));
    }
    return tags;
  };
  const tags = [...(await fetchTwice()), ...(await fetchTwice())];
  expect(new Set(tags).size).toBe(1);
});

test("conditions are heeded, in headers and in the address", async () => {
  const tag = (await admin.call("HEAD", address("x/"))).headers.get("etag") ?? "";
  expect((await get(["x/"], { "if-none-match": tag })).status).toBe(304);
  expect((await get(["x/"], { "if-match": tag })).status).toBe(200);
  expect(await verdict(get(["x/"], { "if-match": '"other"' }))).toBe("412 conflict");
  expect((await get(["x/"], { range: "bytes=5-9", "if-range": tag })).status).toBe(206);
  expect((await get(["x/"], { range: "bytes=5-9", "if-range": '"other"' })).status).toBe(200);
  // No date tells one archive from another.
  expect((await get(["x/"], { range: "bytes=5-9", "if-range": new Date().toUTCString() })).status).toBe(200);
  expect(await verdict(get(["x/"], { range: "bytes=99999-" }))).toBe("416 invalid");
  const tagged = `${address("x/")}&etag=${tag.replaceAll('"', "")}`;
  expect((await admin.call("GET", tagged, { headers: { range: "bytes=5-9" } })).status).toBe(206);
  expect(await verdict(admin.call("GET", `${address("x/")}&etag=other`))).toBe("412 conflict");
});

test("so is a tag in the address of a file, for programs that resume without a condition", async () => {
  const at = "/api/files/tagged.bin";
  await admin.call("PUT", at, { body: "first" });
  const tag = ((await admin.call("HEAD", at)).headers.get("etag") ?? "").replaceAll('"', "");
  const range = { headers: { range: "bytes=2-" } };
  expect(await (await admin.call("GET", `${at}?etag=${tag}`, range)).text()).toBe("rst");
  await admin.call("PUT", at, { body: "other" });
  expect(await verdict(admin.call("GET", `${at}?etag=${tag}`, range))).toBe("412 conflict");
  expect((await admin.call("HEAD", `${at}?etag=${tag}`)).status).toBe(412);
});

test("folders stand in it, also empty ones, each before its files; everything is `/`", async () => {
  const names = namesIn(await bytesOf(get(["사진/"])));
  expect(names.slice(0, 2)).toEqual(["사진/", "사진/by hand 0.bin"]);
  expect(names).toContain("사진/빈 폴더/");
  expect(names).toHaveLength(2 + 40 + 5 + 2);
  const all = await get(["/"]);
  expect(all.headers.get("content-disposition")).toBe('attachment; filename="files.zip"');
  expect(namesIn(await bytesOf(all))).toEqual(expect.arrayContaining(["x/", "x/b.bin", "y/b.bin", "사진/"]));
});

test("several files and folders are packed together, none over another", async () => {
  const answer = await get(["x/b.bin", "y/b.bin", "x/", "y/"]);
  expect(answer.headers.get("content-disposition")).toBe('attachment; filename="files.zip"');
  expect(namesIn(await bytesOf(answer))).toEqual(["b (2).bin", "b.bin", "x/", "x/b.bin", "y/", "y/b.bin"]);
  const named = await get(["x/b.bin", "x/b.bin"]);
  expect(named.headers.get("content-disposition")).toBe('attachment; filename="x.zip"');
  expect(namesIn(await bytesOf(named))).toEqual(["b.bin"]);
});

test("hundreds of chosen files fit into one address", async () => {
  const paths = Array.from({ length: 300 }, (_, i) => `사진/2026년 11월 여행 ${i % 40}.jpg`);
  expect(address(...paths).length).toBeGreaterThan(20_000);
  expect(await verdict(get(paths))).toBe("404 not-found");
});

test("what is not there, is not asked for well or is not the caller's is refused before a byte is sent", async () => {
  expect(await verdict(get(["none"]))).toBe("404 not-found");
  expect(await verdict(get(["none/"]))).toBe("404 not-found");
  expect(await verdict(get(["../etc/"]))).toBe("400 invalid");
  expect(await verdict(get([".naru/"]))).toBe("400 invalid");
  expect(await verdict(get([]))).toBe("400 invalid");
  expect(await verdict(admin.call("GET", `${address("x/")}&zone=noon`))).toBe("400 invalid");
  expect(await verdict(new Client(door.origin, {}).call("GET", address("x/")))).toBe("401 unauthenticated");
});

test("of files that were sent through the server the CRC-32 is known, in whatever parts they came", async () => {
  const MiB = 1024 * 1024;
  const [small, large, parts] = [randomBytes(1000), randomBytes(9 * MiB), randomBytes(12 * MiB)];
  await admin.call("PUT", "/api/files/sent/small", { body: small });
  await admin.call("PUT", "/api/files/sent/large", { body: large });
  const upload = await admin.create({ path: "sent/parts", size: parts.length, partSize: 5 * MiB });
  const count = Math.ceil(parts.length / upload.partSize);
  for (let number = 1; number <= count; number++) {
    const bytes = parts.subarray((number - 1) * upload.partSize, number * upload.partSize);
    // One was sent before, with other bytes.
    if (number === 1) await admin.put(upload.id, number, randomBytes(bytes.length));
    expect((await admin.put(upload.id, number, bytes)).status).toBe(200);
  }
  expect((await admin.call("POST", `/api/uploads/${upload.id}/complete`)).status).toBe(200);
  const zip = await bytesOf(get(["sent/"]));
  const entries = namesIn(zip).slice(1);
  expect(entries).toEqual(["sent/large", "sent/parts", "sent/small"]);
  // Stored, their CRC in front: so it stands in the first local header of the three.
  expect([zip.readUInt16LE(39 + 5 + 8), zip.readUInt32LE(39 + 5 + 14)]).toEqual([0, crc32(large)]);
  const sizes = [9, 12].map((size) => size * MiB + 39 + "sent/large".length);
  const second = 39 + 5 + (sizes[0] ?? 0);
  expect([zip.readUInt16LE(second + 8), zip.readUInt32LE(second + 14)]).toEqual([0, crc32(parts)]);
});

test("times are told by the clock of the zone that is asked for, to readers that know no other", async () => {
  await writeFile(inStore("dated.txt"), "dated");
  const at = new Date("2026-11-29T20:30:10Z");
  await utimes(inStore("dated.txt"), at, at);
  const timeIn = async (zone: string): Promise<readonly number[]> => {
    const zip = await bytesOf(admin.call("GET", `${address("dated.txt")}${zone}`));
    const [time, date] = [zip.readUInt16LE(10), zip.readUInt16LE(12)];
    return [1980 + (date >> 9), (date >> 5) & 15, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2];
  };
  expect(await timeIn("")).toEqual([2026, 11, 29, 20, 30, 10]);
  expect(await timeIn("&zone=540")).toEqual([2026, 11, 30, 5, 30, 10]);
});

/** Read an archive until a few bytes have come, do something, and read the rest; whether it came whole. */
async function meanwhile(path: string, work: () => Promise<void>): Promise<boolean> {
  const { authorization = "" } = admin.headers;
  const asked = request(`${door.origin}${address(path)}`, { headers: { authorization } });
  asked.end();
  const [answer] = await once(asked, "response");
  let received = 0;
  let begun = false;
  try {
    for await (const chunk of answer) {
      received += chunk.length;
      if (begun) continue;
      begun = true;
      await work();
    }
  } catch {
    return false;
  }
  return received === Number(answer.headers["content-length"]);
}

test("a file that changes while the archive is sent ends the answer; the next is whole again, under another tag", async () => {
  await mkdir(inStore("changing"));
  for (const name of ["a", "b", "c"]) await writeFile(inStore(`changing/${name}`), Buffer.alloc(24_000_000));
  const before = (await admin.call("HEAD", address("changing/"))).headers.get("etag") ?? "";
  const change = (): Promise<void> => writeFile(inStore("changing/c"), Buffer.alloc(24_000_001));
  expect(await meanwhile("changing/", change)).toBe(false);
  // Who resumes it by its tag gets the new one from the start.
  const resumed = await get(["changing/"], { range: "bytes=1000-", "if-range": before });
  expect(resumed.status).toBe(200);
  expect(resumed.headers.get("etag")).not.toBe(before);
  await resumed.body?.cancel();
  expect(await meanwhile("changing/", async () => undefined)).toBe(true);
});

test("a file that is written over in place while it is sent ends the answer, too", async () => {
  await writeFile(inStore("in-place.bin"), Buffer.alloc(64_000_000));
  const touch = async (): Promise<void> => {
    await writeFile(inStore("in-place.bin"), Buffer.alloc(64_000_000), { flag: "r+" });
  };
  expect(await meanwhile("in-place.bin", touch)).toBe(false);
});
