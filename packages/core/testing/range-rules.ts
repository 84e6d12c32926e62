/**
 * The rules of ranges at the edges of a file: its first and last byte, its end, and beyond.
 *
 * @module
 */

import { expect } from "vitest";
import { isTransferError } from "../src/errors.ts";
import type { ByteRange } from "../src/store.ts";
import type { Place, Rules, Sample } from "./place.ts";
import { collect } from "./place.ts";

const nothing = new Uint8Array(0);

export const rangeRules: Rules = {
  "a range has the bytes that there are: the first, the last, and none at the end": async (
    place: Place,
  ): Promise<void> => {
    for (const size of [1, 1000]) {
      const sample = await place.whole(size);
      for (const [start, end] of [
        [0, 1],
        [size - 1, size],
        [size - 1, size + 100],
        [0, size + 1],
        [0, 0],
        [size, size],
      ] as const) {
        const bytes = await collect(await place.files.read(sample.path, { range: { start, end } }));
        expect(bytes, `bytes ${start} to ${end} of ${size}`).toEqual(sample.bytes.slice(start, end));
      }
      await expectNothing(place, sample, { start: size, end: size + 1 });
      await expectNothing(place, sample, { start: size + 5, end: size + 9 });
    }
  },
  "a range of an empty file has no bytes": async (place: Place): Promise<void> => {
    const sample = await place.whole(0);
    const none = await place.files.read(sample.path, { range: { start: 0, end: 0 } });
    expect(await collect(none)).toEqual(nothing);
    await expectNothing(place, sample, { start: 0, end: 1 });
    await expectNothing(place, sample, { start: 3, end: 5 });
  },
};

/** What begins at the end or beyond has no bytes, or is refused as `invalid`. */
async function expectNothing(place: Place, { path }: Sample, range: ByteRange): Promise<void> {
  const read = async (): Promise<Uint8Array> => collect(await place.files.read(path, { range }));
  const bytes = await read().catch((error: unknown) => {
    if (isTransferError(error) && error.code === "invalid") return nothing;
    throw error;
  });
  expect(bytes, `bytes from ${range.start} on`).toEqual(nothing);
}
