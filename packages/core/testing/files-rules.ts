/**
 * The rules that every place with files keeps.
 *
 * @module
 */

import { expect } from "vitest";
import { crc64 } from "../src/crc64.ts";
import type { Place, Rules } from "./place.ts";
import { collect, expectFailure, walk } from "./place.ts";
import { placeRules } from "./place-rules.ts";
import { rangeRules } from "./range-rules.ts";

async function three(place: Place): Promise<string> {
  const folder = place.path("list").slice(0, -"list".length);
  for (const name of ["a.bin", "b/one.bin", "b/two.bin", "c.bin"]) await place.whole(3, `${folder}${name}`);
  return folder;
}

export const filesRules: Rules = {
  "a missing file is undefined": async (place: Place): Promise<void> => {
    expect(await place.files.stat(place.path("missing.bin"))).toBeUndefined();
  },
  "stat tells the size, the etag and the date": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(123);
    const file = await place.files.stat(path);
    expect(file).toMatchObject({ path, size: 123 });
    // A checksum may not be known; one that is told is that of the bytes.
    expect(file?.crc64 ?? crc64(bytes)).toBe(crc64(bytes));
    expect(file?.etag).toMatch(/^[^"]+$/);
    expect(file?.modified).toBeInstanceOf(Date);
  },
  "a file is listed under its prefix": async (place: Place): Promise<void> => {
    const folder = await three(place);
    const page = await place.files.list({ prefix: folder });
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
    const page = await place.files.list({ prefix: `${folder}b/t` });
    expect(page.files.map((file) => file.path)).toEqual([`${folder}b/two.bin`]);
  },
  "a prefix without files is an empty page": async (place: Place): Promise<void> => {
    expect(await place.files.list({ prefix: `${place.folder}/nowhere/` })).toMatchObject({ files: [], folders: [] });
  },
  "a delimiter folds what lies deeper": async (place: Place): Promise<void> => {
    const folder = await three(place);
    const page = await place.files.list({ prefix: folder, delimiter: "/" });
    expect(page.files.map((file) => file.path.slice(folder.length))).toEqual(["a.bin", "c.bin"]);
    expect(page.folders).toEqual([`${folder}b/`]);
  },
  "pages follow one another without a gap": async (place: Place): Promise<void> => {
    const folder = await three(place);
    expect(await walk(place.files, folder, undefined)).toEqual(["a.bin", "b/one.bin", "b/two.bin", "c.bin"]);
  },
  "folded pages follow one another without a gap": async (place: Place): Promise<void> => {
    const folder = await three(place);
    expect(await walk(place.files, folder, "/")).toEqual(["a.bin", "b/", "c.bin"]);
  },
  "a range reads these bytes and no others": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(1000);
    const files = place.files;
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
    expect(await collect(await place.files.read(path))).toEqual(new Uint8Array(0));
  },
  "a missing file cannot be read": async (place: Place): Promise<void> => {
    await expectFailure(place.files.read(place.path()), "not-found");
  },
  "reading with an etag fails once the file has changed": async (place: Place): Promise<void> => {
    const files = place.files;
    const { path, bytes } = await place.whole(10, undefined, 1);
    const etag = (await files.stat(path))?.etag;
    expect(await collect(await files.read(path, { etag }))).toEqual(bytes);
    await place.whole(12, path, 2);
    await expectFailure(files.read(path, { etag }), "conflict");
  },
  "a file moves, and what was there is replaced": async (place: Place): Promise<void> => {
    const files = place.files;
    const { path, bytes } = await place.whole(40, undefined, 3);
    const target = (await place.whole(10)).path;
    const moved = await files.move(path, target);
    expect(moved).toMatchObject({ path: target, size: 40 });
    expect(await files.stat(path)).toBeUndefined();
    await place.expectFile(target, bytes);
  },
  "a file that was looked up a moment ago moves": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(40, undefined, 5);
    const target = place.path("looked-up.bin");
    const moved = await place.files.move(path, target, { file: await place.files.stat(path) });
    expect(moved).toMatchObject({ path: target, size: 40 });
    expect(await place.files.stat(path)).toBeUndefined();
    await place.expectFile(target, bytes);
  },
  "a file moves to a Korean name": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(40);
    const target = place.path("옮긴 파일 (2)+&=%.bin");
    await place.files.move(path, target);
    await place.expectFile(target, bytes);
  },
  "a listing that is asked for a span of names has all that is in it": async (place: Place): Promise<void> => {
    const folder = place.path();
    for (const name of ["a", "b", "b0", "c/d", "é", "z"]) await place.whole(1, `${folder}/${name}`);
    for (const [first, last, names] of [
      ["b", "c/", ["b", "b0", "c/"]],
      ["b", "b", ["b"]],
      ["é", "é", ["é"]],
      ["a", "z", ["a", "b", "b0", "c/", "z"]],
    ] as const) {
      const listed = new Set<string>();
      let cursor: string | undefined;
      do {
        const options = { prefix: `${folder}/`, delimiter: "/", span: { first, last }, limit: 2, cursor } as const;
        const page = await place.files.list(options);
        for (const path of [...page.files.map((file) => file.path), ...page.folders]) listed.add(path.normalize("NFC"));
        cursor = page.cursor;
      } while (cursor !== undefined);
      expect([...listed]).toEqual(expect.arrayContaining(names.map((name) => `${folder}/${name}`)));
    }
  },
  "a missing file does not move": async (place: Place): Promise<void> => {
    await expectFailure(place.files.move(place.path(), place.path()), "not-found");
  },
  "a file is removed, and twice is fine": async (place: Place): Promise<void> => {
    const { path } = await place.whole(10);
    await place.files.remove(path);
    await place.files.remove(path);
    expect(await place.files.stat(path)).toBeUndefined();
  },
  "a decomposed name finds the file whose name is composed": async (place: Place): Promise<void> => {
    const files = place.files;
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
  "a reader may stop in the middle": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(place.sizeOf(1, 1));
    const reader = (await place.files.read(path)).getReader();
    await reader.read();
    await reader.cancel();
    await place.expectFile(path, bytes);
  },
  ...rangeRules,
  ...placeRules,
};
