import { randomBytes } from "node:crypto";
import { MiB } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startAzurite } from "../../../../test/peers/azurite.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { fetchAll } from "../gateway/opened-gateway.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { openAzure } from "../stores/opened-container.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import {
  type Bytes,
  beginUpload,
  changes,
  datesOf,
  directWay,
  type EveryDoor,
  type HeldLooks,
  heldLooks,
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
  Azure: async () => {
    const azurite = await startAzurite();
    const place = await openAzure(azurite);
    const close = async (): Promise<void> => {
      await place[Symbol.asyncDispose]();
      await azurite[Symbol.asyncDispose]();
    };
    return { store: place.store, close };
  },
};

const straight = { "an upload straight to the store": directWay };

const ways = (name: string): Readonly<Record<string, Way>> => {
  // What differs there is the upload; the server's own ways of sending are the same as over the other two.
  if (name === "Azure") return { ...straight, ...otherWays };
  return { ...httpWays, ...(name === "Ceph" && straight), ...otherWays };
};

/** A form renames as well; all other ways take the name, also over one that is awaited. */
const takenBy = (way: Way, path: string): string =>
  way === httpWays["a form"] ? path.replace("x.bin", "x (2).bin") : path;

for (const [name, open] of Object.entries(places)) {
  describe(`every door over ${name}`, () => {
    let all: EveryDoor;
    let held: HeldLooks;
    let place: Awaited<ReturnType<typeof open>>;
    let names = 0;
    beforeAll(async () => {
      place = await open();
      held = heldLooks(place.store);
      all = await openEveryDoor(held.store);
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

    test.each(Object.entries(ways(name)))(
      "an upload with `fail` replaces nothing that %s sends meanwhile",
      async (_, way) => {
        const path = `${folder()}/x.bin`;
        const [mine, theirs]: [Bytes, Bytes] = [randomBytes(2000), randomBytes(1000)];
        const direct = name === "Ceph";
        // Theirs has arrived when mine ends.
        const end = await beginUpload(all, path, mine, { conflict: "fail", direct });
        const place = await way.send(all, path, theirs);
        expect(await end()).toBe(place === path ? "conflict" : path);
        expect((await bytesAt(place)).equals(theirs)).toBe(true);
        // Theirs comes while mine has looked, and is about to appear: it waits, and arrives after it.
        const again = `${path}.again`;
        const endAgain = await beginUpload(all, again, mine, { conflict: "fail", direct });
        const gate = held.hold(again);
        const ended = endAgain();
        await gate.reached;
        const sent = way.send(all, again, theirs);
        // That it waits, no event tells.
        await Promise.race([sent, new Promise((resolve) => setTimeout(resolve, 300))]);
        gate.open();
        expect(await ended).toBe(again);
        const other = await sent;
        expect((await bytesAt(other)).equals(theirs)).toBe(true);
        if (other !== again) expect((await bytesAt(again)).equals(mine)).toBe(true);
        const arrived = (await all.events(again.slice(0, -".bin.again".length))).map(plain);
        expect(arrived.indexOf(`http: file ${again} arrived`)).toBeGreaterThan(0);
        expect(arrived.at(-1)).toMatch(/(?:arrived|moved)$/u);
      },
    );

    test.each(Object.entries(ways(name)))(
      "an upload whose name %s takes meanwhile completes under the next one, and both are whole",
      async (_, way) => {
        const path = `${folder()}/x.bin`;
        const other = path.replace("x.bin", "x (2).bin");
        const [mine, theirs]: [Bytes, Bytes] = [randomBytes(2000), randomBytes(1000)];
        const direct = name === "Ceph";
        const end = await beginUpload(all, path, mine, { conflict: "rename", modified: former, direct });
        expect(await way.send(all, path, theirs, way.dates ? later : undefined)).toBe(takenBy(way, path));
        const taken = (await datesOf(all, takenBy(way, path)))["HTTP stat"];
        const own = await end();
        expect([path, other]).toContain(own);
        expect((await bytesAt(own)).equals(mine)).toBe(true);
        expect((await bytesAt(takenBy(way, path))).equals(theirs)).toBe(true);
        expect(new Set(Object.values(await datesOf(all, own)))).toEqual(new Set([former.getTime() / 1000]));
        expect(new Set(Object.values(await datesOf(all, takenBy(way, path))))).toEqual(new Set([taken]));
        const listed = (await all.store.list({ prefix: path.slice(0, path.indexOf("/") + 1) })).files.map(
          (file) => file.path,
        );
        expect(listed.sort()).toEqual([path, other].sort());
        const arrived = (await all.events(own)).filter((event) => event.path === own && event.kind === "arrived");
        expect(arrived).toHaveLength(1);
      },
    );

    test.each(Object.entries(changes))(
      "what is moved and removed by %s is so for all, and reported alike",
      async (_, by) => {
        const at = folder();
        const put = async (path: string): Promise<void> => {
          await httpWays["a batch"]?.send(all, `${at}/${path}`, randomBytes(100), former);
        };
        await put("a/x.bin");
        await by.rename(all, `${at}/a/x.bin`, `${at}/b/y.bin`);
        expect(new Set(Object.values(await datesOf(all, `${at}/b/y.bin`)))).toEqual(new Set([former.getTime() / 1000]));
        await by.remove(all, `${at}/b/y.bin`);
        await by.makeFolder(all, `${at}/c`);
        await put("c/z.bin");
        await put("c/deep/z.bin");
        await by.rename(all, `${at}/c`, `${at}/d`, true);
        expect(new Set(Object.values(await datesOf(all, `${at}/d/deep/z.bin`)))).toEqual(
          new Set([former.getTime() / 1000]),
        );
        await by.remove(all, `${at}/d/z.bin`);
        await by.remove(all, `${at}/d/deep/z.bin`);
        await by.removeFolder(all, `${at}/d/deep`);
        // A folder stays when its last file has gone.
        const { files, folders } = await all.store.list({ prefix: `${at}/`, delimiter: "/" });
        expect({ files, folders }).toEqual({ files: [], folders: [`${at}/a/`, `${at}/b/`, `${at}/d/`] });
        const told = (await all.events(`${at}/`)).map(plain).map((event) => event.replaceAll(`${at}/`, ""));
        const moved = ["c/deep/z.bin -> d/deep/z.bin", "c/z.bin -> d/z.bin"].map(
          (what) => `${by.door}: file ${what} moved`,
        );
        const order = (events: readonly string[]): string[] => [
          ...events.slice(0, 6),
          ...events.slice(6, 8).sort(),
          ...events.slice(8),
        ];
        expect(order(told)).toEqual([
          "http: file a/x.bin arrived",
          `${by.door}: file a/x.bin -> b/y.bin moved`,
          `${by.door}: file b/y.bin removed`,
          `${by.door}: folder c arrived`,
          "http: file c/z.bin arrived",
          "http: file c/deep/z.bin arrived",
          ...moved,
          `${by.door}: folder c -> d moved`,
          `${by.door}: file d/z.bin removed`,
          `${by.door}: file d/deep/z.bin removed`,
          `${by.door}: folder d/deep removed`,
        ]);
      },
    );
  });
}
