/**
 * The rules that every place with files keeps.
 *
 * @module
 */

import { expect } from "vitest";
import type { Files } from "../src/store.ts";
import type { Place } from "./place.ts";
import { collect, expectFailure, pattern } from "./place.ts";

/** What other programs call files: on one disk or another, or in a bucket, each is a name. */
const foreignNames = [
  "con.txt",
  "back\\slash.txt",
  "C:drive.txt",
  "tab\tand\u0001.txt",
  "a//b.txt",
  "./dot.txt",
  "/lead.txt",
];

function filesOf(place: Place): Files {
  if (place.opened.files === undefined) throw new Error("what was opened has no files");
  return place.opened.files;
}

async function three(place: Place): Promise<string> {
  const folder = place.path("list").slice(0, -"list".length);
  for (const name of ["a.bin", "b/one.bin", "b/two.bin", "c.bin"]) await place.whole(3, `${folder}${name}`);
  return folder;
}

export const filesRules: Readonly<Record<string, (place: Place) => Promise<void>>> = {
  "a missing file is undefined": async (place: Place): Promise<void> => {
    expect(await filesOf(place).stat(place.path("missing.bin"))).toBeUndefined();
  },
  "stat tells the size, the etag and the date": async (place: Place): Promise<void> => {
    const { path } = await place.whole(123);
    const file = await filesOf(place).stat(path);
    expect(file).toMatchObject({ path, size: 123 });
    expect(file?.etag).toMatch(/^[^"]+$/);
    expect(file?.modified).toBeInstanceOf(Date);
  },
  "a file is listed under its prefix": async (place: Place): Promise<void> => {
    const folder = await three(place);
    const page = await filesOf(place).list({ prefix: folder });
    expect(page.files.map((file) => file.path.slice(folder.length))).toEqual([
      "a.bin",
      "b/one.bin",
      "b/two.bin",
      "c.bin",
    ]);
    expect(page.folders).toEqual([]);
    expect(page.cursor).toBeUndefined();
  },
  "a prefix may end inside a name": async (place: Place): Promise<void> => {
    const folder = await three(place);
    const page = await filesOf(place).list({ prefix: `${folder}b/t` });
    expect(page.files.map((file) => file.path)).toEqual([`${folder}b/two.bin`]);
  },
  "a prefix without files is an empty page": async (place: Place): Promise<void> => {
    expect(await filesOf(place).list({ prefix: `${place.folder}/nowhere/` })).toMatchObject({ files: [], folders: [] });
  },
  "a delimiter folds what lies deeper": async (place: Place): Promise<void> => {
    const folder = await three(place);
    const page = await filesOf(place).list({ prefix: folder, delimiter: "/" });
    expect(page.files.map((file) => file.path.slice(folder.length))).toEqual(["a.bin", "c.bin"]);
    expect(page.folders).toEqual([`${folder}b/`]);
  },
  "pages follow one another without a gap": async (place: Place): Promise<void> => {
    const folder = await three(place);
    expect(await walk(filesOf(place), folder, undefined)).toEqual(["a.bin", "b/one.bin", "b/two.bin", "c.bin"]);
  },
  "folded pages follow one another without a gap": async (place: Place): Promise<void> => {
    const folder = await three(place);
    expect(await walk(filesOf(place), folder, "/")).toEqual(["a.bin", "b/", "c.bin"]);
  },
  "a range reads these bytes and no others": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(1000);
    const files = filesOf(place);
    for (const [start, end] of [
      [0, 1],
      [10, 500],
      [999, 1000],
      [0, 1000],
    ] as const) {
      expect(await collect(await files.read(path, { range: { start, end } }))).toEqual(bytes.slice(start, end));
    }
  },
  "a whole file of several parts is read": async (place: Place): Promise<void> => {
    const sample = await place.whole(place.sizeOf(1, 1));
    await place.expectFile(sample.path, sample.bytes);
  },
  "an empty file is read": async (place: Place): Promise<void> => {
    const { path } = await place.whole(0);
    expect(await collect(await filesOf(place).read(path))).toEqual(new Uint8Array(0));
  },
  "a missing file cannot be read": async (place: Place): Promise<void> => {
    await expectFailure(filesOf(place).read(place.path()), "not-found");
  },
  "reading with an etag fails once the file has changed": async (place: Place): Promise<void> => {
    const files = filesOf(place);
    const { path, bytes } = await place.whole(10, undefined, 1);
    const etag = (await files.stat(path))?.etag;
    expect(await collect(await files.read(path, { etag }))).toEqual(bytes);
    await place.whole(12, path, 2);
    await expectFailure(files.read(path, { etag }), "conflict");
  },
  "a file moves, and what was there is replaced": async (place: Place): Promise<void> => {
    const files = filesOf(place);
    const { path, bytes } = await place.whole(40, undefined, 3);
    const target = (await place.whole(10)).path;
    const moved = await files.move(path, target);
    expect(moved).toMatchObject({ path: target, size: 40 });
    expect(await files.stat(path)).toBeUndefined();
    await place.expectFile(target, bytes);
  },
  "a file moves to a Korean name": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(40);
    const target = place.path("옮긴 파일 (2)+&=%.bin");
    await filesOf(place).move(path, target);
    await place.expectFile(target, bytes);
  },
  "a missing file does not move": async (place: Place): Promise<void> => {
    await expectFailure(filesOf(place).move(place.path(), place.path()), "not-found");
  },
  "a file is removed, and twice is fine": async (place: Place): Promise<void> => {
    const { path } = await place.whole(10);
    await filesOf(place).remove(path);
    await filesOf(place).remove(path);
    expect(await filesOf(place).stat(path)).toBeUndefined();
  },
  "a decomposed name finds the file whose name is composed": async (place: Place): Promise<void> => {
    const files = filesOf(place);
    const path = place.path("한글/é 메모.txt").normalize("NFC");
    const decomposed = path.normalize("NFD");
    const { bytes } = await place.whole(30, path);
    expect((await files.stat(decomposed))?.size).toBe(30);
    expect(await collect(await files.read(decomposed))).toEqual(bytes);
    const folder = decomposed.slice(0, decomposed.lastIndexOf("/") + 1);
    const listed = (await files.list({ prefix: folder, delimiter: "/" })).files;
    expect(listed.map((file) => file.path.normalize("NFC"))).toEqual([path]);
    await place.whole(10, `${path}.2`);
    const first = await files.list({ prefix: folder, limit: 1 });
    const second = await files.list({ prefix: folder, limit: 1, cursor: first.cursor });
    const paged = [...first.files, ...second.files].map((file) => file.path.normalize("NFC"));
    expect([paged, second.cursor]).toEqual([[path, `${path}.2`], undefined]);
    await files.move(decomposed, `${path}.old`);
    expect(await files.stat(path)).toBeUndefined();
    await files.remove(`${decomposed}.old`);
    expect(await files.stat(`${path}.old`)).toBeUndefined();
  },
  "a decomposed name that another program gave is its own, beside a composed one": async (place): Promise<void> => {
    const files = filesOf(place);
    const path = place.path("카페/é.txt").normalize("NFC");
    const decomposed = path.normalize("NFD");
    if (!(await place.opened.plant?.(decomposed, pattern(20, 7)))) return;
    const folder = decomposed.slice(0, decomposed.lastIndexOf("/") + 1);
    expect(await walk(files, folder, "/")).toEqual([decomposed.slice(folder.length)]);
    expect(await files.stat(decomposed)).toMatchObject({ path: decomposed, size: 20 });
    const { bytes } = await place.whole(30, path);
    expect(await collect(await files.read(decomposed))).toEqual(pattern(20, 7));
    expect(await collect(await files.read(path))).toEqual(bytes);
    await files.move(decomposed, `${path}.moved`);
    expect(await collect(await files.read(`${path}.moved`))).toEqual(pattern(20, 7));
    expect(await place.opened.plant?.(decomposed, pattern(10))).toBe(true);
    await files.remove(decomposed);
    expect((await files.list({ prefix: folder })).files.map((file) => file.path)).not.toContain(decomposed);
    expect(await collect(await files.read(path))).toEqual(bytes);
  },
  "a name that Naru would not write is listed, read, moved and removed as it is": async (place): Promise<void> => {
    const { plant } = place.opened;
    if (plant === undefined) return;
    const files = filesOf(place);
    let planted = 0;
    for (const name of foreignNames) {
      const path = name.startsWith("/") ? `/${place.path()}` : place.path(name);
      if (!(await plant(path, pattern(20, 3)))) continue;
      planted += 1;
      const folder = path.slice(0, path.lastIndexOf("/") + 1);
      const { files: listed } = await files.list({ prefix: folder, delimiter: "/" });
      expect(listed.map((file) => file.path)).toEqual([path]);
      expect(await files.stat(path)).toMatchObject({ path, size: 20 });
      expect(await collect(await files.read(path, { range: { start: 5, end: 20 } }))).toEqual(pattern(20, 3).slice(5));
      const usable = place.path("renamed.txt");
      await files.move(path, usable);
      expect(await files.stat(path)).toBeUndefined();
      await place.expectFile(usable, pattern(20, 3));
      await plant(path, pattern(4));
      await files.remove(path);
      await files.remove(path);
      expect(await files.stat(path)).toBeUndefined();
    }
    expect(planted).toBeGreaterThan(0);
  },
  "a kept folder is listed while it is empty, and is no file": async (place: Place): Promise<void> => {
    const files = filesOf(place);
    const { folders } = files;
    // Present where empty folders can be kept; everywhere a folder is implied by its files.
    if (folders === undefined) return;
    const path = place.path("kept").replace(/\.\w+$/u, "");
    const above = path.slice(0, path.lastIndexOf("/") + 1);
    expect(await folders.has(path)).toBe(false);
    await folders.make(path);
    await folders.make(path);
    expect(await folders.has(path)).toBe(true);
    expect((await files.list({ prefix: above, delimiter: "/" })).folders).toContain(`${path}/`);
    expect((await files.list({ prefix: `${path}/`, delimiter: "/" })).files).toEqual([]);
    expect((await files.list({ prefix: path })).files).toEqual([]);
    await folders.remove(path);
    await folders.remove(path);
    expect(await folders.has(path)).toBe(false);
  },
  "a reader may stop in the middle": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(place.sizeOf(1, 1));
    const reader = (await filesOf(place).read(path)).getReader();
    await reader.read();
    await reader.cancel();
    await place.expectFile(path, bytes);
  },
};

async function walk(files: Files, prefix: string, delimiter: "/" | undefined): Promise<readonly string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await files.list({ prefix, limit: 1, cursor, delimiter });
    const items = [...page.files.map((file) => file.path), ...page.folders];
    expect(items.length).toBeLessThanOrEqual(1);
    seen.push(...items.map((item) => item.slice(prefix.length)));
    cursor = page.cursor;
  } while (cursor !== undefined);
  return seen;
}
