import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { crc64, MiB } from "@naru/core";
import { afterAll, expect, test } from "vitest";
import { openDigester, openFileSource } from "../src/node/index.ts";

const folder = await mkdtemp(join(tmpdir(), "naru-digest-"));
afterAll(() => rm(folder, { recursive: true }));

test("parts have the same digests whether they are hashed here or, after the first 16 MiB, in the thread", async () => {
  const bytes = Buffer.alloc(22 * MiB, "a file whose parts differ ").fill(7, 9 * MiB, 10 * MiB);
  const file = join(folder, "a.bin");
  await writeFile(file, bytes);
  await using digester = openDigester();
  await using source = await openFileSource(file);
  const starts = [0, 5 * MiB, 10 * MiB, 15 * MiB, 20 * MiB];
  const digests = starts.map((start) => digester.digest(source.slice(start, Math.min(start + 5 * MiB, bytes.length))));
  for (const [index, start] of starts.entries()) {
    const part = bytes.subarray(start, start + 5 * MiB);
    expect(await digests[index]).toEqual({ md5: createHash("md5").update(part).digest("hex"), crc64: crc64(part) });
  }
});

test("a part that cannot be read does not keep those after it from being hashed", async () => {
  const file = join(folder, "b.bin");
  await writeFile(file, new Uint8Array(2 * MiB));
  await using digester = openDigester();
  await using source = await openFileSource(file);
  const beyond = digester.digest(source.slice(MiB, 3 * MiB));
  const next = digester.digest(source.slice(0, MiB));
  await expect(beyond).rejects.toMatchObject({ code: "file-changed" });
  expect((await next).crc64).toBe(crc64(new Uint8Array(MiB)));
});
