/**
 * The rules of finding uploads that are not finished, and of ending them.
 *
 * @module
 */

import { expect } from "vitest";
import type { UnfinishedOptions, UnfinishedUpload } from "../src/store.ts";
import type { OptionalMember, Place, Sample } from "./place.ts";
import { digestsOf, expectFailure, partOf, present, put } from "./place.ts";

const hour = 60 * 60 * 1000;

export const unfinished: OptionalMember = {
  isPresent: ({ store }) => store.unfinished !== undefined,
  rules: {
    "an upload is found while it is not finished, with its path and what its parts take": async (place) => {
      const sample = await place.begin(100);
      await put(sample, partOf(sample, 1));
      const found = await find(place, sample);
      expect(found).toMatchObject({ id: sample.upload.id, path: sample.path });
      expect(await found?.size()).toBe(100);
      for (const date of [found?.begun, found?.renewed])
        expect(Math.abs((date?.getTime() ?? 0) - Date.now())).toBeLessThan(hour);
      await sample.upload.complete({ digests: digestsOf(sample) });
      expect(await find(place, sample)).toBeUndefined();
      await place.expectFile(sample.path, sample.bytes);
    },
    "an upload that was aborted is not found": async (place) => {
      const sample = await place.begin(100);
      await put(sample, partOf(sample, 1));
      await sample.upload.abort();
      expect(await find(place, sample)).toBeUndefined();
    },
    "an upload that is ended is gone with its parts, and the file of its name stays": async (place) => {
      const old = await place.whole(20, undefined, 5);
      const sample = await place.begin(100, old.path);
      await put(sample, partOf(sample, 1));
      const found = present(await find(place, sample), "unfinished");
      await found.end();
      await found.end();
      expect(await found.size()).toBe(0);
      expect(await find(place, sample)).toBeUndefined();
      await expectFailure(place.store.resume(sample.upload.id), "not-found");
      await place.expectFile(old.path, old.bytes);
    },
    "an upload that completed before it is ended keeps its file": async (place) => {
      const sample = await place.begin(100);
      await put(sample, partOf(sample, 1));
      const found = present(await find(place, sample), "unfinished");
      await sample.upload.complete({ digests: digestsOf(sample) });
      await found.end();
      await place.expectFile(sample.path, sample.bytes);
    },
    "of uploads that somebody works on none is found for an earlier time": async (place) => {
      const sample = await place.begin(100);
      await put(sample, partOf(sample, 1));
      expect(await find(place, sample, { before: new Date(Date.now() - hour) })).toBeUndefined();
      expect(await find(place, sample, { before: new Date(Date.now() + hour) })).toBeDefined();
    },
    "what is not finished is in no listing of files": async (place) => {
      const sample = await place.begin(100);
      await put(sample, partOf(sample, 1));
      const { files } = await place.files.list({ prefix: `${place.folder}/` });
      expect(files.map(({ path }) => path)).not.toContain(sample.path);
      expect((await place.files.list({ delimiter: "/" })).folders).not.toContain(".naru/");
    },
  },
};

async function find(
  place: Place,
  { upload }: Sample,
  options: UnfinishedOptions = {},
): Promise<UnfinishedUpload | undefined> {
  present(place.store.unfinished, "unfinished");
  for await (const one of place.store.unfinished?.(options) ?? []) if (one.id === upload.id) return one;
  return undefined;
}
