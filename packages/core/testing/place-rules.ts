/**
 * The rules of files that are easily mistaken for others: names that begin alike, names that look encoded, and files of no bytes.
 *
 * @module
 */

import { expect } from "vitest";
import type { Place, Rules, Sample } from "./place.ts";
import { collect, expectFailure, pattern, present, walk } from "./place.ts";

/** Names, and what each would be if it was decoded once more. */
export const mistakable: Readonly<Record<string, string>> = {
  "%41 한글%20(1).bin": "A 한글 (1).bin",
  'a+b it\'s "so" #1?.bin': 'a b it\'s "so" #1?.bin',
};

export const placeRules: Rules = {
  "names that begin alike are told apart by prefix and delimiter": async (place: Place): Promise<void> => {
    const folder = place.path("");
    for (const name of ["a", "a.b", "ab", "b/a"]) await place.whole(3, `${folder}${name}`);
    const { files } = await place.files.list({ prefix: `${folder}a` });
    expect(files.map(({ path }) => path.slice(folder.length))).toEqual(["a", "a.b", "ab"]);
    const folded = await place.files.list({ prefix: `${folder}b`, delimiter: "/" });
    expect(folded).toMatchObject({ files: [], folders: [`${folder}b/`] });
    expect((await walk(place.files, folder, "/")).toSorted()).toEqual(["a", "a.b", "ab", "b/"]);
    expect(await place.files.stat(`${folder}b`)).toBeUndefined();
  },
  "a file whose name looks encoded moves, and not the one that it would be": async (place: Place): Promise<void> => {
    for (const [name, other] of Object.entries(mistakable)) {
      const [source, decoy] = await twins(place, name, other);
      const target = `${source.path} moved%41+`;
      await place.files.move(source.path, target);
      await place.expectFile(target, source.bytes);
      await place.expectFile(decoy.path, decoy.bytes);
      await place.expectNoFile(source.path);
    }
  },
  "an empty file is listed, read and moved": async (place: Place): Promise<void> => {
    const { path } = await place.whole(0);
    const { files } = await place.files.list({ prefix: path });
    expect(files).toMatchObject([{ path, size: 0 }]);
    const target = place.path("still empty.bin");
    expect(await place.files.move(path, target)).toMatchObject({ path: target, size: 0 });
    await place.expectFile(target, new Uint8Array(0));
    await place.expectNoFile(path);
  },
};

/** Rules for a place that copies by itself. */
export const copyRules: Rules = {
  "a copy has the bytes of its source, which stays": async (place: Place): Promise<void> => {
    for (const size of [0, 1, place.sizeOf(0, 40)]) {
      const { path, bytes } = await place.whole(size, undefined, 3);
      const target = (await place.whole(10, undefined, 4)).path;
      expect(await present(place.files.copy?.(path, target), "copy")).toMatchObject({ path: target, size });
      await place.expectFile(target, bytes);
      await place.expectFile(path, bytes);
    }
  },
  "a file whose name looks encoded is copied, and not the one that it would be": async (
    place: Place,
  ): Promise<void> => {
    for (const [name, other] of Object.entries(mistakable)) {
      const [source, decoy] = await twins(place, name, other);
      const target = `${source.path} copied%41+`;
      await present(place.files.copy?.(source.path, target), "copy");
      for (const { path, bytes } of [source, decoy, { path: target, bytes: source.bytes }]) {
        await place.expectFile(path, bytes);
      }
    }
  },
  "a copy of a file that is not there leaves what has the name": async (place: Place): Promise<void> => {
    const { path, bytes } = await place.whole(10);
    await expectFailure(present(place.files.copy?.(place.path("missing.bin"), path), "copy"), "not-found");
    expect(await collect(await place.files.read(path))).toEqual(bytes);
  },
};

/** A file of an odd name, and beside it one of the name that it would be mistaken for. */
async function twins(place: Place, name: string, other: string): Promise<readonly [Sample, Sample]> {
  const folder = place.path("");
  const source = await place.whole(40, `${folder}${name}`, 3);
  const decoy = await place.whole(40, `${folder}${other}`, 4);
  expect(source.bytes).toEqual(pattern(40, 3));
  return [source, decoy];
}
