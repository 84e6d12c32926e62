/**
 * The rules of what a place with files may lack. One without it declares the member's name with the reason.
 *
 * @module
 */

import { expect } from "vitest";
import type { OptionalMember, OptionalMembers, Place } from "./place.ts";
import { collect, pattern, present, walk } from "./place.ts";
import { copyRules } from "./place-rules.ts";

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

/** Files that other programs put there, past the contract. */
const plant: OptionalMember = {
  isPresent: ({ opened }) => opened.plant !== undefined,
  rules: {
    "a decomposed name that another program gave is its own, beside a composed one": async (place): Promise<void> => {
      const files = place.files;
      const path = place.path("카페/é.txt").normalize("NFC");
      const decomposed = path.normalize("NFD");
      const plant = present(place.opened.plant, "plant");
      expect(await plant(decomposed, pattern(20, 7)), "no file can have a decomposed name here").toBe(true);
      const folder = decomposed.slice(0, decomposed.lastIndexOf("/") + 1);
      expect(await walk(files, folder, "/")).toEqual([decomposed.slice(folder.length)]);
      expect(await files.stat(decomposed)).toMatchObject({ path: decomposed, size: 20 });
      const { bytes } = await place.whole(30, path);
      expect(await collect(await files.read(decomposed))).toEqual(pattern(20, 7));
      expect(await collect(await files.read(path))).toEqual(bytes);
      await files.move(decomposed, `${path}.moved`);
      expect(await collect(await files.read(`${path}.moved`))).toEqual(pattern(20, 7));
      expect(await plant(decomposed, pattern(10))).toBe(true);
      await files.remove(decomposed);
      expect((await files.list({ prefix: folder })).files.map((file) => file.path)).not.toContain(decomposed);
      expect(await collect(await files.read(path))).toEqual(bytes);
    },
    "a name that Naru would not write is listed, read, moved and removed as it is": async (place): Promise<void> => {
      const plant = present(place.opened.plant, "plant");
      const files = place.files;
      let planted = 0;
      for (const name of foreignNames) {
        const path = name.startsWith("/") ? `/${place.path()}` : place.path(name);
        if (!(await plant(path, pattern(20, 3)))) continue;
        planted += 1;
        const folder = path.slice(0, path.lastIndexOf("/") + 1);
        const { files: listed } = await files.list({ prefix: folder, delimiter: "/" });
        expect(listed.map((file) => file.path)).toEqual([path]);
        expect(await files.stat(path)).toMatchObject({ path, size: 20 });
        expect(await collect(await files.read(path, { range: { start: 5, end: 20 } }))).toEqual(
          pattern(20, 3).slice(5),
        );
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
  },
};

/** Empty folders; everywhere a folder is implied by its files. */
const folders: OptionalMember = {
  isPresent: ({ files }) => files.folders !== undefined,
  rules: {
    "a kept folder is listed while it is empty, and is no file": async (place: Place): Promise<void> => {
      const files = place.files;
      const folders = present(files.folders, "folders");
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
  },
};

const presignRead: OptionalMember = {
  isPresent: ({ files }) => files.presignRead !== undefined,
  rules: {
    "signed requests read a file": async (place) => {
      const { path, bytes } = await place.whole(500, place.path("읽기 &+.bin"));
      for (const { url, expires } of await signedReads(place, path)) {
        expect(expires.getTime()).toBeGreaterThan(Date.now());
        expect(await (await fetch(url)).bytes()).toEqual(bytes);
      }
    },
    "a signed request saves under the name that was asked for": async (place) => {
      const { path } = await place.whole(5);
      for (const { url } of await signedReads(place, path, "이름 1.bin")) {
        const answer = await fetch(url);
        await answer.arrayBuffer();
        const disposition = answer.headers.get("content-disposition") ?? "";
        expect(disposition).toMatch(/^attachment/);
        expect(disposition).toContain(encodeURIComponent("이름 1.bin"));
      }
    },
  },
};

async function signedReads(place: Place, path: string, downloadName?: string) {
  const signed = await present(place.files.presignRead?.(path, { downloadName }), "presignRead");
  expect(signed.length).toBeGreaterThan(0);
  return signed;
}

const copy: OptionalMember = { isPresent: ({ files }) => files.copy !== undefined, rules: copyRules };

export const filesMembers: OptionalMembers = { plant, folders, presignRead, copy };
