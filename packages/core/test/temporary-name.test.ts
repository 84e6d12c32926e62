import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { finalName, isTemporaryName, isTemporaryNameOf, temporaryName } from "../src/index.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

test("a file waits beside where it will stand, under a name that tells its final one", () => {
  const name = temporaryName("folder/a.bin", "1a2b3c4d", digest);
  expect(name).toBe("folder/a.bin.1a2b3c4d.partial");
  expect(finalName(name)).toBe("folder/a.bin");
  expect(isTemporaryName("a.bin.1a2b3c4d.partial")).toBe(true);
});

test.each([
  ["a/x.filepart", "a/x"],
  ["x.partial", "x"],
  ["x.1a2b3c4d.partial", "x"],
  ["x.1A2B3C4D.partial", "x.1A2B3C4D"],
  [".partial", undefined],
  ["a/.filepart", undefined],
  ["x", undefined],
])("the final name of %s is %s", (name, path) => {
  expect(finalName(name)).toBe(path);
});

test("a name that is too long to add to has a digest in its place, and no other file's does", () => {
  const path = `folder/${"나".repeat(84)}`;
  const name = temporaryName(path, "1a2b3c4d", digest);
  expect(Buffer.byteLength(name)).toBeLessThan(100);
  expect(isTemporaryNameOf(name, path, digest)).toBe(true);
  expect(isTemporaryNameOf(name, `${path}x`, digest)).toBe(false);
  expect(isTemporaryNameOf(name.replace("folder/", ""), path, digest)).toBe(false);
  expect(isTemporaryNameOf(path, path, digest)).toBe(false);
});
