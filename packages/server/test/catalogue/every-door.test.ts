import { randomBytes } from "node:crypto";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { fetchAll } from "../gateway/place.ts";
import { openS3 } from "../stores/s3-place.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import {
  type Bytes,
  datesOf,
  directWay,
  type EveryDoor,
  httpWays,
  openEveryDoor,
  otherWays,
  plain,
  type Way,
} from "./every-door.ts";

const former = new Date("2001-02-03T04:05:06Z");
const later = new Date("2011-02-03T04:05:06Z");

const places = {
  "the file store": async () => {
    const folder = await tempFolder();
    return { store: await fileStore(folder.path, { durable: false }), close: () => folder[Symbol.asyncDispose]() };
  },
  Ceph: async () => {
    const place = await openS3();
    return { store: place.store, close: () => place[Symbol.asyncDispose]() };
  },
};

const ways = (name: string): Readonly<Record<string, Way>> => ({
  ...httpWays,
  ...(name === "Ceph" && { "an upload straight to the bucket": directWay }),
  ...otherWays,
});

for (const [name, open] of Object.entries(places)) {
  describe(`every door over ${name}`, () => {
    let all: EveryDoor;
    let place: Awaited<ReturnType<typeof open>>;
    let names = 0;
    beforeAll(async () => {
      place = await open();
      all = await openEveryDoor(place.store);
    });
    afterAll(async () => {
      await all[Symbol.asyncDispose]();
      await place.close();
    });
    /** A folder that no other test uses. */
    const folder = (): string => {
      names += 1;
      return `f${names}`;
    };
    const bytesAt = (path: string): Promise<Buffer> => fetchAll(all.store, path);

    test.each(Object.entries(ways(name)))("sent by %s, a file appears once, whole, with one date", async (_, way) => {
      const path = `${folder()}/한 글.bin`;
      const bytes: Bytes = randomBytes(way.begins ? 5 * MiB + 1 : 1000);
      const once = async (date: Date | undefined): Promise<void> => {
        expect(await way.send(all, path, bytes, date)).toBe(path);
        expect((await bytesAt(path)).equals(bytes)).toBe(true);
        const dates = await datesOf(all, path);
        const [first] = Object.values(dates);
        const wanted = date === undefined ? first : date.getTime() / 1000;
        expect(dates).toEqual(Object.fromEntries(Object.keys(dates).map((what) => [what, wanted])));
        expect(wanted).toBeTypeOf("number");
      };
      await once(way.dates ? former : undefined);
      const events = (await all.events(path)).filter((event) => event.path === path).map(plain);
      const begun = way.begins ? [`${way.door}: file ${path} begun`] : [];
      // One that had a temporary name has moved here.
      const arrived = events.at(-1)?.endsWith("moved")
        ? `${way.door}: file ${path}.filepart -> ${path} moved`
        : `${way.door}: file ${path} arrived`;
      expect(events).toEqual([...begun, arrived]);
      // The same bytes again, with another date.
      if (way.dates) await once(later);
    });
  });
}
