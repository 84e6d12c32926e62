/**
 * The rules of what a suite may ask only where it can open the store in other ways: as another process, with the smallest parts.
 *
 * @module
 */

import { expect } from "vitest";
import { planParts } from "../src/plan.ts";
import type { OptionalMember, Place, Sample } from "./place.ts";
import { digestsOf, expectFailure, partOf, pattern, present, put } from "./place.ts";

async function finish(place: Place, sample: Sample): Promise<void> {
  await sample.upload.complete({ digests: digestsOf(sample) });
  await place.expectFile(sample.path, sample.bytes);
}

export const reopen: OptionalMember = {
  isPresent: ({ opened }) => opened.reopen !== undefined,
  rules: {
    "another process resumes where the first stopped": async (place) => {
      const sample = await place.begin(place.sizeOf(1, 1));
      await put(sample, sample.parts[0]);
      const store = await present(place.opened.reopen, "reopen")();
      const upload = await store.resume(sample.upload.id);
      expect((await upload.receipts()).map(({ part }) => part.number)).toEqual([1]);
      await put({ ...sample, upload }, sample.parts[1]);
      await finish(place, { ...sample, upload });
    },
    "what another process does to an upload that has completed leaves its file": async (place) => {
      const sample = await place.begin(50);
      const late = await (await present(place.opened.reopen, "reopen")()).resume(sample.upload.id);
      // Over a wire the newcomer has the lease; whoever resumes last may go on.
      const upload = await place.store.resume(sample.upload.id);
      await put({ ...sample, upload }, partOf(sample, 1));
      const file = await upload.complete({ digests: digestsOf(sample) });
      await late.complete({ digests: digestsOf(sample) }).catch(() => undefined);
      await place.expectFile(file.path, sample.bytes);
      await expectFailure(late.put(partOf(sample, 1), new Blob([pattern(50, 9)])), "not-found", "superseded");
      await late.abort().catch(() => undefined);
      await place.expectFile(file.path, sample.bytes);
    },
  },
};

export const manyParts: OptionalMember = {
  isPresent: ({ opened }) => opened.manyParts !== undefined,
  rules: {
    "more parts than a page of a listing has are all listed": async (place) => {
      const store = await present(place.opened.manyParts, "parts by the thousand")();
      const sizes = { size: 1003, partSize: 1 };
      const upload = await store.create({ path: place.path(), ...sizes });
      const parts = planParts(sizes.size, 1, store.limitsFor(upload.spec.path));
      const queue = parts.values();
      await Promise.all(
        Array.from({ length: 8 }, async () => {
          for (const part of queue) await upload.put(part, new Blob(["x"]));
        }),
      );
      expect((await upload.receipts()).map(({ part }) => part)).toEqual(parts);
      await upload.abort();
    },
  },
};
