/**
 * The rules of writes that may not replace a file (`onlyNew`): of two programs at the same moment one wins. A store that does
 * not compare in the same instant declares that, with the reason.
 *
 * @module
 */

import { expect } from "vitest";
import type { OptionalMember, Place, Sample } from "./place.ts";
import { digestOf, digestsOf, partOf, pattern, present, put } from "./place.ts";

/** The write of one of two programs, and its bytes. */
interface Contender {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly write: () => Promise<unknown>;
}

export const conditionalComplete: OptionalMember = {
  isPresent: ({ opened }) => opened.compares?.includes("complete") ?? false,
  rules: {
    "of two uploads of a new name that may not replace a file one wins, and the other is a conflict": async (place) => {
      const path = place.path();
      await expectOneWinner(place, path, [await upload(place, path, 2), await upload(place, path, 3)]);
    },
    "an upload that may not replace a file leaves the one that came meanwhile, and may replace it later": async (
      place,
    ) => {
      const sample = await place.begin(100, undefined, 2);
      await put(sample, partOf(sample, 1));
      const other = await place.whole(90, sample.path, 3);
      const digests = digestsOf(sample);
      await expect(sample.upload.complete({ digests, onlyNew: true })).rejects.toMatchObject({ code: "conflict" });
      await place.expectFile(other.path, other.bytes);
      await sample.upload.complete({ digests });
      await place.expectFile(sample.path, sample.bytes);
    },
  },
};

export const conditionalPut: OptionalMember = {
  isPresent: ({ opened }) => opened.compares?.includes("put") ?? false,
  rules: {
    "of two small files of a new name that may not replace a file one wins, and the other is a conflict": async (
      place,
    ) => {
      const path = place.path();
      await expectOneWinner(place, path, [small(place, path, 2), small(place, path, 3)]);
    },
  },
};

async function upload(place: Place, path: string, seed: number): Promise<Contender> {
  const sample: Sample = await place.begin(100, path, seed);
  await put(sample, partOf(sample, 1));
  const { bytes } = sample;
  return { bytes, write: () => sample.upload.complete({ digests: digestsOf(sample), onlyNew: true }) };
}

function small({ store }: Place, path: string, seed: number): Contender {
  const bytes = pattern(33, seed);
  const how = { digest: digestOf(bytes), onlyNew: true };
  return { bytes, write: async () => present(store.putFile?.({ path, size: 33 }, new Blob([bytes]), how), "putFile") };
}

async function expectOneWinner(place: Place, path: string, both: readonly [Contender, Contender]): Promise<void> {
  const [first, second] = both;
  const [one, other] = await Promise.allSettled([first.write(), second.write()]);
  expect([one.status, other.status].toSorted()).toEqual(["fulfilled", "rejected"]);
  const lost = one.status === "rejected" ? one : other;
  expect(lost).toMatchObject({ reason: { code: "conflict" } });
  await place.expectFile(path, one.status === "fulfilled" ? first.bytes : second.bytes);
}
