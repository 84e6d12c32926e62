/**
 * The rules of what a store may lack. A store without it declares the member's name with the reason.
 *
 * @module
 */

import { expect } from "vitest";
import { conditionalComplete, conditionalPut } from "./condition-members.ts";
import type { OptionalMember, OptionalMembers, Place, Sample } from "./place.ts";
import { collect, digestOf, digestsOf, expectFailure, lyingBody, partOf, pattern, present, put } from "./place.ts";
import { mistakable } from "./place-rules.ts";
import { presignRules } from "./presign-rules.ts";
import { manyParts, reopen } from "./process-members.ts";
import { unfinished } from "./unfinished-rules.ts";

/** Whether uploads have a member. */
function uploadsHave(name: "copyPart" | "prepare" | "presign" | "readPart"): OptionalMember["isPresent"] {
  return async (place) => (await place.begin(1)).upload[name] !== undefined;
}

async function finish(place: Place, sample: Sample): Promise<void> {
  await sample.upload.complete({ digests: digestsOf(sample) });
  await place.expectFile(sample.path, sample.bytes);
}

const putFile: OptionalMember = {
  isPresent: ({ store }) => store.putFile !== undefined,
  rules: {
    "a small file is written in one call, and replaces what was there": async (place) => {
      const { path } = await place.whole(20, undefined, 5);
      const bytes = pattern(33, 6);
      const spec = { path, size: 33 };
      const file = await putFileOf(place)(spec, new Blob([bytes]), { digest: digestOf(bytes) });
      expect(file).toMatchObject({ path, size: 33 });
      await place.expectFile(path, bytes);
    },
    "a small file of other bytes than announced is refused, and what was there stays": async (place) => {
      const old = await place.whole(20, undefined, 5);
      const [spec, bytes] = [{ path: old.path, size: 40 }, pattern(40)];
      const digest = digestOf(pattern(40, 77));
      await expectFailure(putFileOf(place)(spec, new Blob([bytes]), { digest }), "checksum-mismatch");
      await expectFailure(putFileOf(place)(spec, lyingBody(40, pattern(30))), "short-body");
      await expectFailure(putFileOf(place)(spec, lyingBody(40, pattern(50))), "long-body", "short-body");
      await place.expectFile(old.path, old.bytes);
    },
    "a small file may be empty": async (place) => {
      const path = place.path();
      expect(await putFileOf(place)({ path, size: 0 }, new Blob([]))).toMatchObject({ path, size: 0 });
      await place.expectFile(path, new Uint8Array(0));
    },
  },
};

function putFileOf(place: Place): NonNullable<Place["store"]["putFile"]> {
  present(place.store.putFile, "putFile");
  return async (...args) => present(place.store.putFile?.(...args), "putFile");
}

const copyPart: OptionalMember = {
  isPresent: uploadsHave("copyPart"),
  rules: {
    "a part is copied from a range of a file, beside parts that are put": async (place) => {
      const source = await place.whole(place.sizeOf(2), undefined, 4);
      const sample = await place.begin(place.sizeOf(1, 9), undefined, 5);
      const part = partOf(sample, 1);
      const start = 7;
      sample.bytes.set(source.bytes.subarray(start, start + part.size));
      const receipt = await copy(place, sample, { source, start });
      expect(receipt).toEqual(part);
      await put(sample, sample.parts[1]);
      await finish(place, sample);
    },
    "a part is not copied from a file that has changed, and can be put": async (place) => {
      const sample = await refusedCopy(place);
      await put(sample, sample.parts[0]);
      await finish(place, sample);
    },
    "a part is copied from the file of this name, not of one that it looks like, or not at all": async (place) => {
      const folder = place.path("");
      for (const [name, other] of Object.entries(mistakable)) {
        const source = await place.whole(40, `${folder}${name}`, 4);
        await place.whole(40, `${folder}${other}`, 5);
        const sample = { ...(await place.begin(40, undefined, 6)), bytes: source.bytes };
        const refused = await copy(place, sample, { source, start: 0 }).then(
          () => undefined,
          (error: unknown) => error,
        );
        if (refused !== undefined) {
          expect(refused).toMatchObject({ code: "unsupported" });
          await put(sample, partOf(sample, 1));
        }
        await finish(place, sample);
      }
    },
    "a copy that was refused leaves no receipt": async (place) => {
      const sample = await refusedCopy(place);
      expect(await sample.upload.receipts()).toEqual([]);
    },
  },
};

async function refusedCopy(place: Place): Promise<Sample> {
  const source = await place.whole(place.sizeOf(1), undefined, 4);
  const sample = await place.begin(place.sizeOf(1));
  const from = { path: source.path, etag: "0".repeat(32), start: 0 };
  await expectFailure(present(sample.upload.copyPart?.(partOf(sample, 1), from), "copyPart"), "conflict");
  return sample;
}

/** Copy the first part of a sample from a file; the part of its receipt. */
async function copy(place: Place, sample: Sample, { source, start }: { source: Sample; start: number }) {
  const etag = (await place.files.stat(source.path))?.etag ?? "";
  const copying = sample.upload.copyPart?.(partOf(sample, 1), { path: source.path, etag, start });
  return (await present(copying, "copyPart")).part;
}

const readPart: OptionalMember = {
  isPresent: uploadsHave("readPart"),
  rules: {
    "a part that came is read back": async (place) => {
      const sample = await place.begin(place.sizeOf(1, 1));
      for (const part of sample.parts) await put(sample, part);
      for (const part of sample.parts) {
        const stream = await present(sample.upload.readPart?.(part), "readPart");
        const bytes = sample.bytes.slice(part.offset, part.offset + part.size);
        expect(await collect(stream)).toEqual(bytes);
      }
      await finish(place, sample);
    },
  },
};

const prepare: OptionalMember = {
  isPresent: uploadsHave("prepare"),
  rules: {
    "parts that were prepared are put, and one that was never put costs nothing": async (place) => {
      const sample = await place.begin(place.sizeOf(2, 1));
      for (const part of sample.parts) {
        const digest = digestsOf(sample).get(part.number);
        present(sample.upload.prepare, "prepare");
        sample.upload.prepare?.({ ...part, digest });
      }
      await put(sample, sample.parts[0]);
      // Other bytes than those that were prepared.
      const other = { ...sample, bytes: pattern(sample.bytes.length, 9) };
      await put(other, sample.parts[1]);
      await put(sample, sample.parts[1]);
      await put(sample, sample.parts[2]);
      await finish(place, sample);
      (await place.begin(10)).upload.prepare?.({ number: 1, offset: 0, size: 10 });
    },
  },
};

const withoutSize = "uploads without a size";

const unknownSizes: OptionalMember = {
  isPresent: async (place) => {
    const upload = await place.store.create({ path: place.path() }).catch(() => undefined);
    await upload?.abort();
    return upload !== undefined;
  },
  rules: {
    "an upload without a size is as long as its parts": async (place) => {
      const sample = await beginWithoutSize(place, 1, 5);
      expect(sample.upload.spec.size).toBeUndefined();
      for (const part of sample.parts) await put(sample, part);
      expect(await sample.upload.complete({ digests: digestsOf(sample) })).toMatchObject({ size: sample.bytes.length });
      await place.expectFile(sample.path, sample.bytes);
    },
    "an upload without a size and with a hole never appears": async (place) => {
      const sample = await beginWithoutSize(place, 1, 5);
      await put(sample, sample.parts[1]);
      await expectFailure(sample.upload.complete(), "incomplete");
      await place.expectNoFile(sample.path);
    },
    "parts beyond the count are left out": async (place) => {
      const sample = await beginWithoutSize(place, 2, 5);
      for (const part of sample.parts) await put(sample, part);
      const digests = new Map([...digestsOf(sample)].filter(([number]) => number <= 2));
      await sample.upload.complete({ count: 2, digests });
      await place.expectFile(sample.path, sample.bytes.slice(0, partOf(sample, 3).offset));
    },
  },
};

async function beginWithoutSize(place: Place, parts: number, more: number): Promise<Sample> {
  const path = place.path();
  const upload = await place.store.create({ path, partSize: place.partSize }).catch((cause: unknown) => {
    throw new Error(`it has no ${withoutSize}: declare that, with the reason`, { cause });
  });
  const sizes = [...Array.from({ length: parts }, () => place.partSize), more];
  const plan = sizes.map((size, index) => ({ number: index + 1, offset: index * place.partSize, size }));
  return { upload, path, bytes: pattern(place.sizeOf(parts, more), 8), parts: plan };
}

const space: OptionalMember = {
  isPresent: ({ store }) => store.space !== undefined,
  rules: {
    "the free space is part of the total": async (place) => {
      const { total, free } = present(await place.store.space?.({ path: place.path() }), "space");
      expect(Number.isSafeInteger(total) && total > 0).toBe(true);
      expect(Number.isSafeInteger(free) && free >= 0 && free <= total).toBe(true);
    },
  },
};

const presign: OptionalMember = { isPresent: uploadsHave("presign"), rules: presignRules };

export const storeMembers: OptionalMembers = {
  reopen,
  putFile,
  copyPart,
  readPart,
  prepare,
  presign,
  [withoutSize]: unknownSizes,
  space,
  "parts by the thousand": manyParts,
  unfinished,
  "complete under onlyNew": conditionalComplete,
  "putFile under onlyNew": conditionalPut,
};
