/**
 * The rules that every store keeps. A deviation is declared by the rule's name with its reason.
 *
 * @module
 */

import { expect } from "vitest";
import type { Receipt } from "../src/store.ts";
import { nameRules } from "./name-rules.ts";
import type { Place, Rules, Sample } from "./place.ts";
import { bodyOf, chunkedBody, digestOf, digestsOf, expectFailure, lyingBody, pattern, put } from "./place.ts";
import { uploadRules } from "./upload-rules.ts";

const numbers = (receipts: readonly Receipt[]): readonly number[] => receipts.map((receipt) => receipt.part.number);

async function finish(place: Place, sample: Sample): Promise<void> {
  const file = await sample.upload.complete({ digests: digestsOf(sample) });
  expect(file.size).toBe(sample.bytes.length);
  await place.expectFile(file.path, sample.bytes);
}

export const storeRules: Rules = {
  "a file in two parts arrives, the last part smaller": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    expect(sample.parts.length).toBe(2);
    for (const part of sample.parts) await put(sample, part);
    await finish(place, sample);
  },
  "complete tells the size, the path and an etag": async (place: Place): Promise<void> => {
    const sample = await place.begin(100);
    await put(sample, sample.parts[0]);
    const file = await sample.upload.complete({ digests: digestsOf(sample) });
    expect(file).toMatchObject({ path: sample.path, size: 100 });
    expect(file.etag).toMatch(/^[^"]+$/);
  },
  "an upload signs parts where the store says that it is direct, and nowhere else": async (
    place: Place,
  ): Promise<void> => {
    const { upload } = await place.begin(100);
    expect(upload.presign !== undefined).toBe(place.store.direct);
  },
  "a plan as fine as the limits allow is taken": async (place: Place): Promise<void> => {
    const path = place.path();
    const { minPartSize } = place.store.limitsFor(path);
    const upload = await place.store.create({ path, size: 2 * minPartSize, partSize: minPartSize });
    expect(upload.spec.partSize).toBe(minPartSize);
    await upload.abort();
  },
  "the type that was given is the file's": async (place: Place): Promise<void> => {
    const sample = await place.begin(10, undefined, 1, { type: "text/x-naru" });
    await put(sample, sample.parts[0]);
    await finish(place, sample);
    expect((await place.files.stat(sample.path))?.type).toBe("text/x-naru");
  },
  "the modification time that was given is the file's": async (place: Place): Promise<void> => {
    const modified = new Date("2020-02-03T04:05:06.000Z");
    const sample = await place.begin(10, undefined, 1, { modified });
    await put(sample, sample.parts[0]);
    await finish(place, sample);
    expect((await place.files.stat(sample.path))?.modified).toEqual(modified);
  },
  "an empty file is one empty part": async (place: Place): Promise<void> => {
    const sample = await place.begin(0);
    await put(sample, sample.parts[0]);
    await finish(place, sample);
  },
  "a file of one byte arrives": async (place: Place): Promise<void> => {
    const sample = await place.begin(1);
    await put(sample, sample.parts[0]);
    await finish(place, sample);
  },
  "a name in Korean with odd characters stays as it is": async (place: Place): Promise<void> => {
    const sample = await place.begin(10, place.path("한글 (1)+&=%.bin"));
    await put(sample, sample.parts[0]);
    const file = await sample.upload.complete({ digests: digestsOf(sample) });
    expect(file.path).toBe(sample.path);
    await place.expectFile(sample.path, sample.bytes);
  },
  "a name with spaces, hashes and question marks stays as it is": async (place: Place): Promise<void> => {
    const sample = await place.whole(10, place.path("a  b #1 what?~!'.txt"));
    await place.expectFile(sample.path, sample.bytes);
  },
  "a path that climbs out is refused": async (place: Place): Promise<void> => {
    await expectFailure(place.store.create({ path: "../outside.bin", size: 1 }), "invalid");
    await expectFailure(place.store.create({ path: "/absolute.bin", size: 1 }), "invalid");
  },
  "a size that is not a whole number from 0 is refused": async (place: Place): Promise<void> => {
    await expectFailure(place.store.create({ path: place.path(), size: -1 }), "invalid");
    await expectFailure(place.store.create({ path: place.path(), size: 1.5 }), "invalid");
  },
  "every part that was put has a receipt, in order": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    expect(await sample.upload.receipts()).toEqual([]);
    const second = await put(sample, sample.parts[1]);
    expect(second.part).toEqual(sample.parts[1]);
    expect(numbers(await sample.upload.receipts())).toEqual([2]);
    const first = await put(sample, sample.parts[0]);
    const held = await sample.upload.receipts();
    expect(held.map((receipt) => receipt.part)).toEqual(sample.parts);
    expect(held.map((receipt) => receipt.etag)).toEqual([first.etag, second.etag]);
    // A receipt may leave digests out; those that it has are the part's.
    for (const { part, digest } of [first, second, ...held]) {
      const known = digestsOf(sample).get(part.number);
      expect({ ...known, ...digest }).toEqual(known);
    }
  },
  "parts land in any order": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(2, 1));
    for (const part of sample.parts.toReversed()) await put(sample, part);
    await finish(place, sample);
  },
  "parts land at the same time": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(2, 1));
    await Promise.all(sample.parts.map((part) => put(sample, part)));
    await finish(place, sample);
  },
  "a part that is put again replaces the first": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    const [first, second] = sample.parts;
    if (first === undefined) throw new Error("the plan is empty");
    const other = pattern(first.size, 9);
    await sample.upload.put(first, new Blob([other]), { digest: digestOf(other) });
    await put(sample, second);
    await put(sample, first);
    expect(numbers(await sample.upload.receipts())).toEqual([1, 2]);
    await finish(place, sample);
  },
  "a body in chunks arrives as it is, also when their memory is used again": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 4500));
    for (const part of sample.parts) {
      const bytes = sample.bytes.slice(part.offset, part.offset + part.size);
      const receipt = await sample.upload.put(part, chunkedBody(bytes), { digest: digestOf(bytes) });
      expect(receipt.part.number).toBe(part.number);
    }
    await finish(place, sample);
  },
  "an upload is resumed by its id": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    await put(sample, sample.parts[0]);
    const upload = await place.store.resume(sample.upload.id);
    expect(upload.id).toBe(sample.upload.id);
    expect(upload.spec).toMatchObject({ path: sample.path, size: sample.bytes.length });
    expect(upload.spec.partSize).toBe(sample.parts[0]?.size);
    expect(numbers(await upload.receipts())).toEqual([1]);
    await put({ ...sample, upload }, sample.parts[1]);
    await finish(place, { ...sample, upload });
  },
  "a body that ends early is refused": async (place: Place): Promise<void> => {
    const sample = await place.begin(200);
    const [part] = sample.parts;
    if (part === undefined) throw new Error("the plan is empty");
    const digest = digestsOf(sample).get(1);
    await expectFailure(sample.upload.put(part, lyingBody(200, pattern(150)), { digest }), "short-body");
    expect(await sample.upload.receipts()).toEqual([]);
    await put(sample, part);
    await finish(place, sample);
  },
  "a body that goes on too long is refused": async (place: Place): Promise<void> => {
    const sample = await place.begin(200);
    const [part] = sample.parts;
    if (part === undefined) throw new Error("the plan is empty");
    const digest = digestsOf(sample).get(1);
    await expectFailure(sample.upload.put(part, lyingBody(200, pattern(250)), { digest }), "long-body", "short-body");
    expect(await sample.upload.receipts()).toEqual([]);
    await put(sample, part);
    await finish(place, sample);
  },
  "bytes that are not what their digest says are refused": async (place: Place): Promise<void> => {
    const sample = await place.begin(200);
    const [part] = sample.parts;
    if (part === undefined) throw new Error("the plan is empty");
    const digest = digestOf(pattern(200, 77));
    await expectFailure(sample.upload.put(part, bodyOf(sample, part), { digest }), "checksum-mismatch");
    expect(await sample.upload.receipts()).toEqual([]);
    await put(sample, part);
    await finish(place, sample);
  },
  "a part outside the plan is refused": async (place: Place): Promise<void> => {
    const sample = await place.begin(100);
    const outside = { number: 2, offset: 100, size: 10 };
    await expectFailure(sample.upload.put(outside, new Blob([pattern(10)])), "invalid");
  },
  "a file with a hole never appears": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    await put(sample, sample.parts[1]);
    await expectFailure(sample.upload.complete({ digests: digestsOf(sample) }), "incomplete");
    await place.expectNoFile(sample.path);
    await put(sample, sample.parts[0]);
    await finish(place, sample);
  },
  "a file without its end never appears": async (place: Place): Promise<void> => {
    const sample = await place.begin(place.sizeOf(1, 1));
    await put(sample, sample.parts[0]);
    await expectFailure(sample.upload.complete(), "incomplete");
    await place.expectNoFile(sample.path);
  },
  "an upload without any part never appears": async (place: Place): Promise<void> => {
    const sample = await place.begin(10);
    await expectFailure(sample.upload.complete(), "incomplete");
    await place.expectNoFile(sample.path);
  },
  "nothing is visible before complete": async (place: Place): Promise<void> => {
    const sample = await place.begin(50);
    await put(sample, sample.parts[0]);
    await place.expectNoFile(sample.path);
    expect((await place.files.list({ prefix: sample.path })).files).toEqual([]);
    await finish(place, sample);
  },
  "what was there before stays until complete": async (place: Place): Promise<void> => {
    const old = await place.whole(20, undefined, 5);
    const sample = await place.begin(30, old.path);
    await put(sample, sample.parts[0]);
    await place.expectFile(old.path, old.bytes);
    await finish(place, sample);
  },
  "complete twice is fine while the store remembers": async (place: Place): Promise<void> => {
    const sample = await place.whole(20);
    const again = await sample.upload.complete({ digests: digestsOf(sample) });
    expect(again.size).toBe(20);
    await place.expectFile(sample.path, sample.bytes);
  },
  "abort frees the upload, and twice is fine": async (place: Place): Promise<void> => {
    const sample = await place.begin(50);
    await put(sample, sample.parts[0]);
    await sample.upload.abort();
    await sample.upload.abort();
    await place.expectNoFile(sample.path);
  },
  "an aborted upload cannot be resumed": async (place: Place): Promise<void> => {
    const sample = await place.begin(50);
    await sample.upload.abort();
    await expectFailure(place.store.resume(sample.upload.id), "not-found");
  },
  "an aborted upload takes no part": async (place: Place): Promise<void> => {
    const sample = await place.begin(50);
    await sample.upload.abort();
    await expectFailure(put(sample, sample.parts[0]), "not-found");
  },
  "a completed upload cannot be resumed": async (place: Place): Promise<void> => {
    const sample = await place.whole(50);
    await expectFailure(place.store.resume(sample.upload.id), "not-found");
  },
  "a completed upload takes no part, and its file stays as it is": async (place: Place): Promise<void> => {
    const sample = await place.whole(50);
    const [part] = sample.parts;
    if (part === undefined) throw new Error("the plan is empty");
    await expectFailure(sample.upload.put(part, new Blob([pattern(50, 9)])), "not-found");
    await place.expectFile(sample.path, sample.bytes);
  },
  "an upload that never was cannot be resumed": async (place: Place): Promise<void> => {
    await expectFailure(place.store.resume("never-was"), "not-found");
  },
  "a signal stops a part, and the part can be put again": async (place: Place): Promise<void> => {
    const sample = await place.begin(100);
    const [part] = sample.parts;
    if (part === undefined) throw new Error("the plan is empty");
    const stop = new AbortController();
    const endless = new ReadableStream<Uint8Array<ArrayBuffer>>({
      pull: () => new Promise<void>(() => stop.abort(new Error("stopped"))),
    });
    const digest = digestsOf(sample).get(1);
    const body = { size: 100, stream: () => endless };
    const putting = sample.upload.put(part, body, { digest, signal: stop.signal });
    await expect(putting).rejects.toThrow("stopped");
    expect(await sample.upload.receipts()).toEqual([]);
    await put(sample, part);
    await finish(place, sample);
  },
  "a signal that has aborted begins nothing": async (place: Place): Promise<void> => {
    const signal = AbortSignal.abort(new Error("stopped"));
    await expect(place.store.create({ path: place.path(), size: 1 }, { signal })).rejects.toThrow();
    const sample = await place.begin(10);
    await expect(sample.upload.receipts({ signal })).rejects.toThrow();
  },
  "progress reaches the size of the part": async (place: Place): Promise<void> => {
    const sample = await place.begin(100);
    const [part] = sample.parts;
    if (part === undefined) throw new Error("the plan is empty");
    const seen: number[] = [];
    await sample.upload.put(part, bodyOf(sample, part), {
      digest: digestOf(sample.bytes),
      onProgress: (sent) => void seen.push(sent),
    });
    expect(seen.at(-1)).toBe(100);
    expect(seen.toSorted((a, b) => a - b)).toEqual(seen);
  },
  ...uploadRules,
  ...nameRules,
};
