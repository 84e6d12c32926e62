/**
 * The rules of uploads whose parts go straight to the store, by requests that it signed.
 *
 * @module
 */

import { expect } from "vitest";
import type { PartToSign, SignedPart } from "../src/store.ts";
import type { Place, Rules, Sample } from "./place.ts";
import { bodyOf, digestsOf, expectFailure, partOf, pattern, present, put } from "./place.ts";

async function finish(place: Place, sample: Sample): Promise<void> {
  await sample.upload.complete({ digests: digestsOf(sample) });
  await place.expectFile(sample.path, sample.bytes);
}

export const presignRules: Rules = {
  "signed requests write parts": async (place) => {
    const sample = await place.begin(place.sizeOf(1, 1));
    for (const signed of await sign(sample)) {
      expect(signed.expires.getTime()).toBeGreaterThan(Date.now());
      const answer = await send(signed, bodyOf(sample, signed.part));
      expect(answer.ok, `status ${answer.status}`).toBe(true);
    }
    expect((await sample.upload.receipts()).map(({ part }) => part)).toEqual(sample.parts);
    await finish(place, sample);
  },
  "a signed request takes no other bytes": async (place) => {
    const sample = await place.begin(100);
    const [signed] = await sign(sample);
    if (signed === undefined) throw new Error("nothing was signed");
    for (const bytes of [pattern(100, 9), pattern(99)]) {
      // A store may also close the connection.
      const taken = await send(signed, new Blob([bytes])).then(
        ({ ok }) => ok,
        () => false,
      );
      expect(taken).toBe(false);
    }
    expect(await sample.upload.receipts()).toEqual([]);
    expect((await send(signed, bodyOf(sample, signed.part))).ok).toBe(true);
    await finish(place, sample);
  },
  "a signed request that comes after complete or abort changes nothing": async (place) => {
    const done = await place.begin(100, undefined, 3);
    const [late] = await sign(done);
    if (late === undefined) throw new Error("nothing was signed");
    await put(done, partOf(done, 1));
    const file = await done.upload.complete({ digests: digestsOf(done) });
    // Whether it is refused is the store's affair.
    await send(late, bodyOf(done, late.part)).catch(() => undefined);
    await place.expectFile(file.path, done.bytes);
    const dropped = await place.begin(100);
    const [signed] = await sign(dropped);
    if (signed === undefined) throw new Error("nothing was signed");
    await dropped.upload.abort();
    await send(signed, bodyOf(dropped, signed.part)).catch(() => undefined);
    await place.expectNoFile(dropped.path);
    await expectFailure(place.store.resume(dropped.upload.id), "not-found");
  },
};

async function sign(sample: Sample): Promise<readonly SignedPart[]> {
  const digests = digestsOf(sample);
  const parts: readonly PartToSign[] = sample.parts.map((part) => ({ ...part, digest: digests.get(part.number) }));
  const signed = await present(sample.upload.presign?.(parts), "presign");
  expect(signed.map(({ part: { number, offset, size } }) => ({ number, offset, size }))).toEqual(sample.parts);
  return signed;
}

async function send({ url, method, headers }: SignedPart, body: Blob): Promise<Response> {
  // These two the network layer sets itself.
  const own = Object.entries(headers).filter(([name]) => !/^(content-length|host)$/i.test(name));
  const answer = await fetch(url, { method, headers: Object.fromEntries(own), body });
  await answer.arrayBuffer();
  return answer;
}
