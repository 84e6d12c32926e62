/**
 * The suite of sinks: what a fetch relies on.
 *
 * @module
 */

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { crc64 } from "../src/crc64.ts";
import type { Sink } from "../src/sink.ts";
import { expectFailure, pattern } from "./place.ts";

/** Where a suite opens its sinks. */
export interface SinkPlace {
  /** Open the sink of a file, as another program would that knows nothing of earlier ones. */
  open(name: string, size: number): Promise<Sink> | Sink;
  /** What has this name; `undefined` for nothing. */
  read(name: string): Promise<Uint8Array | undefined>;
  readonly [Symbol.asyncDispose]?: (() => Promise<void>) | undefined;
}

const size = 10_000;

const rules: Readonly<Record<string, (place: SinkPlace) => Promise<void>>> = {
  "bytes written in any order and at once are the file": async (place) => {
    await using sink = await place.open("any-order", size);
    const bytes = pattern(size);
    const writes = [6000, 0, 9000, 3000].map((at) => {
      const all = bytes.subarray(at, Math.min(at + 3000, size));
      return sink.write(at, [all.subarray(0, 1), all.subarray(1, 700), all.subarray(700)]);
    });
    await Promise.all(writes);
    await sink.complete();
    await expectBytes(place, "any-order", bytes);
  },
  "bytes may be written again": async (place) => {
    await using sink = await place.open("again", size);
    await sink.write(0, [pattern(size, 1)]);
    await sink.write(0, [pattern(size, 2)]);
    await sink.complete();
    await expectBytes(place, "again", pattern(size, 2));
  },
  "a chunk is its owner's again once it is written": async (place) => {
    await using sink = await place.open("own", size);
    const chunk = pattern(size);
    await sink.write(0, [chunk]);
    chunk.fill(0);
    await sink.complete();
    await expectBytes(place, "own", pattern(size));
  },
  "nothing is seen before it is complete, and what was there stays until then": async (place) => {
    {
      await using sink = await place.open("seen", size);
      await sink.write(0, [pattern(size)]);
      await sink.sync();
      expect(await place.read("seen")).toBeUndefined();
      await sink.complete();
    }
    await using next = await place.open("seen", 3);
    await next.write(0, [pattern(3, 2)]);
    await expectBytes(place, "seen", pattern(size));
    await next.complete();
    await expectBytes(place, "seen", pattern(3, 2));
  },
  "an empty file is complete at once": async (place) => {
    await using sink = await place.open("empty", 0);
    await sink.sync();
    await sink.complete();
    await expectBytes(place, "empty", new Uint8Array());
  },
  "what was synced is there for the next one who opens it": async (place) => {
    const bytes = pattern(size);
    {
      await using sink = await place.open("left", size);
      expect(sink.fresh).toBe(true);
      await sink.write(4000, [bytes.subarray(4000)]);
      await sink.sync();
    }
    await using next = await place.open("left", size);
    expect(next.fresh).toBe(false);
    await next.write(0, [bytes.subarray(0, 4000)]);
    await next.complete();
    await expectBytes(place, "left", bytes);
  },
  "what is held can be read back": async (place) => {
    await using sink = await place.open("back", size);
    const bytes = pattern(size);
    await sink.write(4000, [bytes.subarray(4000)]);
    await sink.sync();
    expect(await sink.crc64?.({ start: 5000, end: size })).toBe(crc64(bytes.subarray(5000)));
  },
  "one of another size begins anew": async (place) => {
    {
      await using sink = await place.open("resized", size);
      await sink.write(0, [pattern(size)]);
      await sink.sync();
    }
    await using next = await place.open("resized", size - 1);
    expect(next.fresh).toBe(true);
    await next.discard();
  },
  "what is thrown away is gone": async (place) => {
    {
      await using sink = await place.open("gone", size);
      await sink.write(0, [pattern(size)]);
      await sink.sync();
      await sink.discard();
    }
    await using next = await place.open("gone", size);
    expect(next.fresh).toBe(true);
    expect(await place.read("gone")).toBeUndefined();
  },
  "bytes outside its size are refused": async (place) => {
    await using sink = await place.open("outside", size);
    await expectFailure(sink.write(size - 1, [new Uint8Array(2)]), "invalid");
    await expectFailure(sink.write(-1, [new Uint8Array(1)]), "invalid");
  },
};

/** Ask a sink everything that a fetch relies on. A rule that it cannot keep is left out by its name, with the reason. */
export function describeSink(
  name: string,
  open: () => Promise<SinkPlace> | SinkPlace,
  deviations: Readonly<Record<string, string>> = {},
): void {
  describe(`${name} keeps the contract of a sink`, () => {
    const unknown = Object.keys(deviations).filter((rule) => !(rule in rules));
    if (unknown.length > 0) throw new Error(`Cannot deviate from "${unknown.join(", ")}": there is no such rule`);
    let place: SinkPlace | undefined;
    beforeAll(async () => {
      place = await open();
    });
    afterAll(async () => place?.[Symbol.asyncDispose]?.());
    for (const [rule, keep] of Object.entries(rules)) {
      const reason = deviations[rule];
      if (reason !== undefined) test.skip(`${rule} (deviates: ${reason})`);
      else
        test(rule, async () => {
          if (place === undefined) throw new Error("nothing was opened");
          await keep(place);
        });
    }
  });
}

async function expectBytes(place: SinkPlace, name: string, bytes: Uint8Array): Promise<void> {
  const held = await place.read(name);
  expect(held?.length).toBe(bytes.length);
  expect(held && crc64(held)).toBe(crc64(bytes));
}
