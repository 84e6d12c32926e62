import { createHash, randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc64 } from "@naru/core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readSmallFiles } from "../src/node/small-files.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-small-files-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("small files are read whole in their order, with the digests of their bytes, also those that have grown", async () => {
  const contents = [30_000, 0, 7].map((size) => randomBytes(size));
  const files = contents.map((_, index) => join(folder, `file-${index}`));
  const date = new Date("2024-02-03T04:05:06.789Z");
  for (const [index, file] of files.entries()) {
    await writeFile(file, contents[index] ?? "");
    await utimes(file, date, date);
  }
  for (const room of [30_007, 100, 0]) {
    const read = await readSmallFiles({ files, room });
    const found = read.files.map((one) =>
      "error" in one ? one : { ...one, bytes: read.bytes.subarray(one.start, one.end) },
    );
    const expected = contents.map((bytes) => ({
      bytes: new Uint8Array(bytes),
      modifiedMs: date.getTime(),
      md5: createHash("md5").update(bytes).digest("hex"),
      crc64: crc64(bytes),
    }));
    expect(found).toMatchObject(expected);
  }
});

test("a file that cannot be read has its error in its place, and the others are read", async () => {
  const good = join(folder, "good");
  await writeFile(good, "good");
  await mkdir(join(folder, "a-folder"));
  const files = [join(folder, "missing"), good, join(folder, "a-folder")];
  const read = await readSmallFiles({ files, room: 4 });
  expect(read.files).toMatchObject([
    { error: { code: "not-found" } },
    { start: 0, end: 4 },
    { error: { code: "invalid" } },
  ]);
});
