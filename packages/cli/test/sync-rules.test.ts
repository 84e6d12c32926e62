import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { isSameTime } from "../src/sync/same-file.ts";
import { placesOf } from "../src/sync/sync-places.ts";

let folder: string;
const before = process.cwd();
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "naru-sync-"));
  await mkdir(join(folder, "here"));
  process.chdir(folder);
});
afterAll(async () => {
  process.chdir(before);
  await rm(folder, { recursive: true });
});

test("times are the same when a store has rounded one of them, to seconds or to even seconds, and else only then", () => {
  const time = Date.parse("2026-11-30T10:00:01.234Z");
  const pairs = [
    [time, time],
    [time, time + 1],
    [time, time - 234],
    [time, time - 1234],
    [time, time + 766],
  ] as const;
  for (const [one, other] of pairs) expect([isSameTime(one, other), isSameTime(other, one)]).toEqual([true, true]);
  expect([time + 2, time + 1000, time - 2234].map((other) => isSameTime(time, other))).toEqual([false, false, false]);
});

test("which folder is at the server is told by naru: and ./, or by the final slash", async () => {
  const up = { direction: "up", prefix: "a/b/" };
  const down = { direction: "down", prefix: "a/b/" };
  expect(await placesOf("here", "a/b/")).toEqual({ ...up, local: "here" });
  expect(await placesOf("a/b/", "here")).toEqual({ ...down, local: "here" });
  expect(await placesOf("a/b/", "new")).toEqual({ ...down, local: "new" });
  expect(await placesOf("./here/", "a/b")).toEqual({ ...up, local: "./here/" });
  expect(await placesOf("here/", "naru:a/b")).toEqual({ ...up, local: "here/" });
  expect(await placesOf("naru:/a/b", "here/")).toEqual({ ...down, local: "here/" });
  expect(await placesOf("/x", "naru:")).toEqual({ direction: "up", local: "/x", prefix: "" });
});

test("where that does not tell, nothing is guessed", async () => {
  for (const [from, to] of [
    ["a", "b"],
    ["a/", "b/"],
    ["here/", "backup"],
    ["./a", "/b"],
    ["naru:a", "naru:b"],
  ] as const) {
    await expect(placesOf(from, to)).rejects.toThrow(/^Cannot (tell|sync)/u);
  }
  await expect(placesOf("here", "naru:../b")).rejects.toThrow("Cannot use the path");
});
