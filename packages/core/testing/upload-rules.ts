/**
 * The rules of what meets: parts in any order and parts that come late, two uploads of one name, a complete that failed.
 *
 * @module
 */

import { expect } from "vitest";
import type { Place, Rules } from "./place.ts";
import { digestsOf, expectFailure, partOf, pattern, put } from "./place.ts";

export const uploadRules: Rules = {
  "receipts are in order of their parts, whatever came last": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(2, 1));
    for (const number of [3, 1, 2, 1]) await put(sample, partOf(sample, number));
    const receipts = await sample.upload.receipts();
    expect(receipts.map(({ part }) => part)).toEqual(sample.parts);
    await sample.upload.complete({ digests: digestsOf(sample) });
    await place.expectFile(sample.path, sample.bytes);
  },
  "after a complete that was refused, parts can be put, and put again": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    // Of the last part other bytes come first.
    await put({ ...sample, bytes: pattern(sample.bytes.length, 9) }, partOf(sample, 2));
    await expectFailure(sample.upload.complete(), "incomplete");
    await put(sample, partOf(sample, 2));
    await put(sample, partOf(sample, 1));
    const file = await sample.upload.complete({ digests: digestsOf(sample) });
    await place.expectFile(file.path, sample.bytes);
  },
  "of two uploads of one name each is whole, and the later complete wins": async (place: Place): Promise<void> => {
    const first = await place.begin(100, undefined, 2);
    const second = await place.begin(90, first.path, 3);
    await put(first, partOf(first, 1));
    await put(second, partOf(second, 1));
    const later = await first.upload.complete({ digests: digestsOf(first) });
    await place.expectFile(later.path, first.bytes);
    const last = await second.upload.complete({ digests: digestsOf(second) });
    await place.expectFile(last.path, second.bytes);
    if (later.path !== last.path) await place.expectFile(later.path, first.bytes);
  },
  "an upload goes on when another of its name is aborted": async (place: Place): Promise<void> => {
    const kept = await place.begin(100, undefined, 2);
    const dropped = await place.begin(100, kept.path, 3);
    await put(kept, partOf(kept, 1));
    await put(dropped, partOf(dropped, 1));
    await dropped.upload.abort();
    const file = await kept.upload.complete({ digests: digestsOf(kept) });
    await place.expectFile(file.path, kept.bytes);
  },
  "an abort leaves the file that has the name": async (place: Place): Promise<void> => {
    const old = await place.whole(20, undefined, 5);
    const sample = await place.begin(30, old.path);
    await put(sample, partOf(sample, 1));
    await sample.upload.abort();
    await place.expectFile(old.path, old.bytes);
  },
  "an upload that is aborted after it completed leaves its file": async (place: Place): Promise<void> => {
    const sample = await place.whole(20);
    await sample.upload.abort().catch(() => undefined);
    await place.expectFile(sample.path, sample.bytes);
  },
};
