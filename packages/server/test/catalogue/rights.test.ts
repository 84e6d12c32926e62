import { describe, expect, test } from "vitest";
import { everything, oneUpload, Rights } from "../../src/catalogue/rights.ts";

const now = (): number => 1000;

describe("rights", () => {
  test("an account may do everything", () => {
    const rights = new Rights(everything, { now });
    expect(rights.areAll).toBe(true);
    for (const doing of ["list", "read", "write", "remove"] as const) expect(rights.may(doing, "any/where")).toBe(true);
  });

  test("a folder's right is good below it, and shows the way there", () => {
    const rights = new Rights([{ prefix: "a/b/", may: new Set(["list", "read"]) }], { now });
    expect(rights.may("read", "a/b/c.bin")).toBe(true);
    expect(rights.may("list", "a/b/")).toBe(true);
    expect(rights.may("write", "a/b/c.bin")).toBe(false);
    expect(rights.may("read", "a/bc.bin")).toBe(false);
    expect(rights.may("read", "a/b/../c.bin")).toBe(false);
    expect([rights.leadsTo(""), rights.leadsTo("a"), rights.leadsTo("/a/b"), rights.leadsTo("b")]).toEqual([
      true,
      true,
      true,
      false,
    ]);
  });

  test("a right ends when its time is over", () => {
    const until = (time: number) => new Rights([{ prefix: "", may: new Set(["read"]), until: time }], { now });
    expect([until(1001).may("read", "a"), until(1000).may("read", "a")]).toEqual([true, false]);
  });

  test("one upload's path is written under its temporary names too, in any spelling, and nothing else is", () => {
    const rights = new Rights(oneUpload("folder/가.bin"), { now });
    for (const path of [
      "/folder/가.bin",
      "folder//./가.bin",
      "folder/가.bin".normalize("NFD"),
      "folder/가.bin.filepart",
    ]) {
      expect([path, rights.may("write", path)]).toEqual([path, true]);
    }
    for (const path of ["folder/b.bin", "가.bin", "folder/가.bin/x", "folder/가.bin2", "other/가.bin.filepart", ""]) {
      expect([path, rights.may("write", path)]).toEqual([path, false]);
    }
    expect(rights.may("read", "folder/가.bin")).toBe(false);
    expect(rights.may("remove", "folder/가.bin")).toBe(false);
    expect(rights.may("remove", "folder/가.bin.1a2b3c4d.partial")).toBe(true);
  });

  test("no rights are no rights", () => {
    for (const none of [[], oneUpload(""), oneUpload("/")]) {
      const rights = new Rights(none, { now });
      expect([rights.may("list", "a"), rights.leadsTo(""), rights.shows("")]).toEqual([false, false, false]);
    }
  });
});
