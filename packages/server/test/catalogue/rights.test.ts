import { memoryStore } from "@naru/core/testing";
import { describe, expect, test } from "vitest";
import { everything, oneUpload, Rights } from "../../src/catalogue/rights.ts";
import { rightsStore } from "../../src/catalogue/rights-store.ts";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";

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

  test("what was given by somebody ends where their own rights end, at that moment", () => {
    const until = 1500;
    let at = 1000;
    const own = new Rights([{ prefix: "a/", may: new Set(["list", "read"]), until }], { now: () => at });
    const given = new Rights([{ prefix: "", may: new Set(["list", "read", "write"]) }], { now: () => at, within: own });
    expect([given.may("read", "a/b"), given.may("write", "a/b"), given.may("read", "b")]).toEqual([true, false, false]);
    expect([given.showsAllOf("a/"), given.showsAllOf("")]).toEqual([true, false]);
    expect(new Rights(everything, { now, within: own }).areAll).toBe(false);
    at = 2000;
    expect([given.may("read", "a/b"), given.shows("a/b")]).toEqual([false, false]);
  });

  test("no rights are no rights", () => {
    for (const none of [[], oneUpload(""), oneUpload("/")]) {
      const rights = new Rights(none, { now });
      expect([rights.may("list", "a"), rights.leadsTo(""), rights.shows("")]).toEqual([false, false, false]);
    }
  });
});

test("a store with rights shows and changes what they say, and nothing else", async () => {
  const inner = memoryStore();
  const db = openDatabase(":memory:");
  const { catalogue } = openCatalogue({ store: inner, db, now: Date.now, log: silentLog() });
  const whole = catalogue.for({ account: "ann", door: "http" });
  for (const path of ["in/a.bin", "in/b.bin", "out.bin"]) await whole.putFile?.({ path, size: 1 }, new Blob(["x"]));
  const may = new Set(["list", "write"] as const);
  const store = rightsStore(whole, new Rights([{ prefix: "in/", may }], { now }));
  const refused = { code: "forbidden" };
  expect((await store.list({ delimiter: "/" })).folders).toEqual(["in/"]);
  expect(await store.list({ limit: 1 })).toMatchObject({ files: [{ path: "in/a.bin" }, { path: "in/b.bin" }] });
  expect((await store.list({ limit: 1 })).cursor).toBeUndefined();
  expect((await store.list({ prefix: "in/", limit: 1 })).cursor).toBeDefined();
  expect(await store.stat("in/a.bin")).toMatchObject({ size: 1 });
  await expect(store.stat("out.bin")).rejects.toMatchObject(refused);
  await expect(store.read("in/a.bin")).rejects.toMatchObject(refused);
  await expect(store.remove("in/a.bin")).rejects.toMatchObject(refused);
  await expect(store.move("in/a.bin", "in/c.bin")).rejects.toMatchObject(refused);
  await expect(store.create({ path: "out.bin", size: 1 })).rejects.toMatchObject(refused);
  const other = await whole.create({ path: "out.bin", size: 1 });
  await expect(store.resume(other.id)).rejects.toMatchObject(refused);
  await expect(store.folders?.removeAll("in", { recursive: true })).rejects.toMatchObject(refused);
  await expect(store.folders?.make("elsewhere")).rejects.toMatchObject(refused);
  await store.folders?.make("in/deeper");
  await (await store.create({ path: "in/new.bin", size: 1 })).abort();
  expect(rightsStore(whole, new Rights(everything, { now }))).toBe(whole);
  await catalogue.close();
  await db.destroy();
});

test("in the bin a caller finds, restores and removes only what was where it may; copies ask what they read and write", async () => {
  const store = memoryStore();
  for (const path of ["open/a", "open/b", "secret/a"]) await store.putFile?.({ path }, new Blob(["x"]));
  const bins = [{ prefix: "", days: 30 }];
  const db = openDatabase(":memory:");
  const { catalogue } = openCatalogue({ store, db, now, log: silentLog(), bins });
  const all = catalogue.for({ account: "ann", door: "http" });
  const may = new Set(["list", "read", "write", "remove"] as const);
  const narrow = rightsStore(all, new Rights([{ prefix: "open/", may }], { now }));
  const forbidden = { code: "forbidden" };
  await expect(narrow.bin.put("secret/a", { entry: "file" })).rejects.toMatchObject(forbidden);
  await expect(narrow.bin.put("secret", { entry: "folder" })).rejects.toMatchObject(forbidden);
  const hidden = await all.bin.put("secret/a", { entry: "file" });
  const own = await narrow.bin.put("open/a", { entry: "file" });
  expect((await narrow.bin.list({ limit: 10 })).items.map(({ path }) => path)).toEqual(["open/a"]);
  for (const change of [() => narrow.bin.restore(hidden.id, {}), () => narrow.bin.remove(hidden.id)]) {
    await expect(change()).rejects.toMatchObject({ code: "not-found" });
  }
  await expect(narrow.bin.restore(own.id, { to: "secret/b" })).rejects.toMatchObject(forbidden);
  await narrow.bin.restore(own.id, {});
  await narrow.bin.put("open/b", { entry: "file" });
  await narrow.bin.empty();
  expect((await all.bin.list({ limit: 10 })).items.map(({ path }) => path)).toEqual(["secret/a"]);
  await all.bin.restore(hidden.id, {});
  await expect(narrow.copy("secret/a", "open/c")).rejects.toMatchObject(forbidden);
  await expect(narrow.copy("open/a", "secret/c")).rejects.toMatchObject(forbidden);
  await expect(narrow.folders?.copy("secret", "open/d", { conflict: "fail" })).rejects.toMatchObject(forbidden);
  expect(await narrow.copy("open/a", "open/c")).toMatchObject({ path: "open/c" });
  await catalogue.close();
  await db.destroy();
});
