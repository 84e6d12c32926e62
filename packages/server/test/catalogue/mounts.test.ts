import { type Files, MiB, type Store, type StoredFile } from "@naru/core";
import {
  type Deviations,
  describeFiles,
  describeStore,
  md5,
  memoryStore,
  type Opened,
  pattern,
  plantedMemory,
} from "@naru/core/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { memoryLacks } from "../../../core/test/memory-lacks.ts";
import { mountStores } from "../../src/catalogue/mounts.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { type TempFolder, tempFolder } from "../stores/temp-folder.ts";

const bytes = pattern(3000);

async function write(store: Store, path: string, body = bytes, modified?: Date): Promise<StoredFile> {
  const upload = await store.create({ path, size: body.length, modified });
  await upload.put({ number: 1, offset: 0, size: body.length }, new Blob([body]));
  return upload.complete();
}

const read = async (files: Files, path: string): Promise<Uint8Array> =>
  new Uint8Array(await new Response(await files.read(path)).arrayBuffer());

/** Two stores in memory, the suite in one of them. */
function inMemory(folder: "" | "films/"): Opened {
  const [root, films] = [plantedMemory(), plantedMemory()];
  const stores = [
    { prefix: "", store: root.store },
    { prefix: "films/", store: films.store },
  ];
  const plant: Opened["plant"] = async (path, body) => {
    const [place, inner] = path.startsWith("films/") ? [films, path.slice("films/".length)] : [root, path];
    return (await place.plant?.(inner, body)) ?? false;
  };
  const store = mountStores(stores);
  return { store, files: store, folder, plant, reopen: async () => mountStores(stores) };
}

/** A folder on disk, and a bucket under it. */
async function onDiskAndBucket(folder: "" | "bucket/"): Promise<Opened> {
  const disk = await tempFolder();
  const bucket = await openS3();
  const open = async (): Promise<Store & Files> =>
    mountStores([
      { prefix: "", store: await fileStore(disk.path) },
      { prefix: "bucket/", store: bucket.store },
    ]);
  const store = await open();
  return {
    store,
    files: store,
    folder,
    reopen: open,
    [Symbol.asyncDispose]: async () => {
      await bucket[Symbol.asyncDispose]();
      await disk[Symbol.asyncDispose]();
    },
  };
}

for (const folder of ["", "films/"] as const) {
  const { reopen: _, ...lacks } = memoryLacks;
  describeStore(`two stores in memory, at "${folder}"`, () => inMemory(folder), lacks);
  describeFiles(`two stores in memory, at "${folder}"`, () => inMemory(folder), {
    presignRead: "memory has no address",
  });
}

const prepare = "neither has use for it";
const aSuiteOfItsOwn = "the store within lists them; its own suite asks";
const atDisk: Deviations = {
  "an upload signs parts where the store says that it is direct, and nowhere else":
    "one of its stores does, so an upload may; each shows whether it does",
  copyPart: "this one is a disk",
  presign: "this one is a disk",
  prepare,
  "complete under onlyNew": aSuiteOfItsOwn,
  "putFile under onlyNew": aSuiteOfItsOwn,
  "parts by the thousand": aSuiteOfItsOwn,
};
const atBucket: Deviations = {
  "parts beyond the count are left out": "Ceph completes with all parts or none",
  "a copy that was refused leaves no receipt": "Ceph 16 copies whatever has the name, and a part cannot be removed",
  "the free space is part of the total": "a bucket does not say",
  readPart: "S3 shows nothing of an upload before it completes",
  prepare,
  "complete under onlyNew": aSuiteOfItsOwn,
  "putFile under onlyNew": aSuiteOfItsOwn,
  "parts by the thousand": aSuiteOfItsOwn,
};
const plant = "the suites of each plant";
const noAddress = "a disk has no address; the list is empty";
const atFolder = {
  "": {
    store: atDisk,
    files: {
      "signed requests read a file": noAddress,
      "a signed request saves under the name that was asked for": noAddress,
      plant,
    },
  },
  "bucket/": { store: atBucket, files: { plant } },
} as const;
for (const folder of ["", "bucket/"] as const) {
  const { store, files } = atFolder[folder];
  describeStore(`a folder and a bucket, at "${folder}"`, () => onDiskAndBucket(folder), store);
  describeFiles(`a folder and a bucket, at "${folder}"`, () => onDiskAndBucket(folder), files);
}

describe("stores at prefixes", () => {
  const root = memoryStore();
  const films = memoryStore(new Map(), { limits: { minPartSize: 500, maxPartSize: 4000, maxInFlight: 2 } });
  const old = memoryStore();
  const store = mountStores([
    { prefix: "", store: root },
    { prefix: "films/", store: films },
    { prefix: "films/old/", store: old },
  ]);

  test("a file lies in the store of its path, the innermost", async () => {
    for (const path of ["a.bin", "films/b.bin", "films/old/c.bin", "films2/d.bin"]) {
      expect(await write(store, path)).toMatchObject({ path, size: 3000 });
      expect(await store.stat(path)).toMatchObject({ path });
    }
    expect((await root.list()).files.map(({ path }) => path)).toEqual(["a.bin", "films2/d.bin"]);
    expect((await films.list()).files.map(({ path }) => path)).toEqual(["b.bin"]);
    expect((await old.list()).files.map(({ path }) => path)).toEqual(["c.bin"]);
  });

  test("mounts are listed as folders where they are, though nothing is in them", async () => {
    const empty = mountStores([
      { prefix: "", store: memoryStore() },
      { prefix: "a/b/", store: memoryStore() },
      { prefix: "한글/", store: memoryStore() },
    ]);
    const foldersIn = async (prefix: string) => (await empty.list({ prefix, delimiter: "/" })).folders;
    expect(await foldersIn("")).toEqual(["a/", "한글/"]);
    expect(await foldersIn("a/")).toEqual(["a/b/"]);
    expect(await foldersIn("a")).toEqual(["a/"]);
    expect(await foldersIn("a/b/")).toEqual([]);
    expect(await empty.folders?.has("a")).toBe(true);
    expect(await empty.folders?.has("a/b")).toBe(true);
    await empty.folders?.remove("a/b");
    expect(await foldersIn("a/")).toEqual(["a/b/"]);
    await write(empty, "한글/é.txt".normalize("NFC"));
    expect((await empty.stat("한글/é.txt".normalize("NFD")))?.size).toBe(3000);
  });

  test.each([1, 2, 3, undefined])("listings of several stores come in pages of %s without a gap", async (limit) => {
    const all = async (delimiter: "/" | undefined): Promise<readonly string[]> => {
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await store.list({ limit, delimiter, cursor });
        expect(page.files.length + page.folders.length).toBeLessThanOrEqual(limit ?? 1000);
        seen.push(...page.files.map(({ path }) => path), ...page.folders);
        cursor = page.cursor;
      } while (cursor !== undefined);
      return seen;
    };
    expect((await all(undefined)).toSorted()).toEqual(["a.bin", "films/b.bin", "films/old/c.bin", "films2/d.bin"]);
    expect((await all("/")).toSorted()).toEqual(["a.bin", "films/", "films2/"]);
  });

  test("what a mount covers in the store around it is not seen", async () => {
    await write(root, "films/hidden.bin");
    expect(await store.stat("films/hidden.bin")).toBeUndefined();
    expect((await store.list()).files.map(({ path }) => path)).not.toContain("films/hidden.bin");
    expect((await store.list({ delimiter: "/" })).folders.filter((path) => path === "films/").length).toBe(1);
  });

  test("nothing takes the name of a mount, or reaches what is the store's own", async () => {
    await expect(store.create({ path: "films", size: 1 })).rejects.toMatchObject({ code: "conflict" });
    await expect(store.move("a.bin", "films/old")).rejects.toMatchObject({ code: "conflict" });
    await expect(store.create({ path: "films/.naru/x", size: 1 })).rejects.toMatchObject({ code: "invalid" });
    await expect(store.stat("films/.NARU/x")).rejects.toMatchObject({ code: "invalid" });
  });

  test('limits are those of the path, and at "" what holds everywhere', () => {
    expect(store.limitsFor("films/x")).toMatchObject({ minPartSize: 500, maxPartSize: 4000, maxInFlight: 2 });
    expect(store.limitsFor("x")).toEqual(root.limitsFor("x"));
    expect(store.limitsFor("")).toMatchObject({ minPartSize: 500, maxPartSize: 4000, maxInFlight: 2 });
  });

  test("an upload is found by its id, also one that was begun before there were mounts", async () => {
    const before = await root.create({ path: "before.bin", size: 3 });
    const after = await store.create({ path: "films/after.bin", size: 3 });
    expect((await store.resume(before.id)).spec.path).toBe("before.bin");
    expect(await store.resume(after.id)).toMatchObject({ id: after.id, spec: { path: "films/after.bin" } });
    const without = mountStores([{ prefix: "", store: root }]);
    await expect(without.resume(after.id)).rejects.toMatchObject({ code: "not-found" });
    const elsewhere = mountStores([
      { prefix: "", store: root },
      { prefix: "music/", store: films },
    ]);
    await expect(elsewhere.resume(after.id)).rejects.toMatchObject({ code: "not-found" });
  });

  test("a file moves from one store to another with its date and type, and what was there is replaced", async () => {
    const modified = new Date("2020-02-03T04:05:06Z");
    const upload = await store.create({ path: "move.bin", size: 3000, modified, type: "video/mp4" });
    await upload.put({ number: 1, offset: 0, size: 3000 }, new Blob([bytes]));
    await upload.complete();
    await write(store, "films/moved.bin", pattern(10));
    const moved = await store.move("move.bin", "films/moved.bin");
    expect(moved).toMatchObject({ path: "films/moved.bin", size: 3000, modified, type: "video/mp4" });
    expect(await read(store, "films/moved.bin")).toEqual(bytes);
    expect(await root.stat("move.bin")).toBeUndefined();
    await expect(store.move("missing.bin", "films/x.bin")).rejects.toMatchObject({ code: "not-found" });
  });

  test("a move that fails leaves the file where it was, and nothing of a copy", async () => {
    const small = memoryStore(new Map(), { limits: { maxSize: 100 } });
    const both = mountStores([
      { prefix: "", store: root },
      { prefix: "small/", store: small },
    ]);
    await write(both, "large.bin");
    await expect(both.move("large.bin", "small/large.bin")).rejects.toMatchObject({ code: "too-large" });
    expect(await both.stat("large.bin")).toMatchObject({ size: 3000 });
    expect(await both.stat("small/large.bin")).toBeUndefined();
  });

  test("stores that cannot stand together are refused in words", () => {
    const at = (...prefixes: string[]) => mountStores(prefixes.map((prefix) => ({ prefix, store: memoryStore() })));
    expect(() => at("films/")).toThrow('Cannot put a store at "": one store must be at the root');
    expect(() => at("", "films")).toThrow("final slash");
    expect(() => at("", "films/", "films/")).toThrow("another store");
    expect(() => at("", "../films/")).toThrow("Cannot use the path");
  });

  test("one store alone is that store, so that it costs nothing", () => {
    expect(mountStores([{ prefix: "", store: root }])).toBe(root);
  });
});

describe("a folder and a bucket", () => {
  let disk: TempFolder;
  let bucket: Awaited<ReturnType<typeof openS3>>;
  let store: Store & Files;
  beforeAll(async () => {
    disk = await tempFolder();
    bucket = await openS3();
    store = mountStores([
      { prefix: "", store: await fileStore(disk.path) },
      { prefix: "bucket/", store: bucket.store },
    ]);
  });
  afterAll(async () => {
    await bucket[Symbol.asyncDispose]();
    await disk[Symbol.asyncDispose]();
  });

  test("a file of several parts moves there and back, whole and with its date", async () => {
    const modified = new Date("2020-02-03T04:05:06Z");
    const large = pattern(11 * MiB + 3);
    await write(store, "film.mov", large, modified);
    const there = await store.move("film.mov", "bucket/film.mov");
    expect(there).toMatchObject({ path: "bucket/film.mov", size: large.length });
    expect(await store.stat("bucket/film.mov")).toMatchObject({ size: large.length, modified });
    expect(await store.stat("film.mov")).toBeUndefined();
    await store.move("bucket/film.mov", "back/film.mov");
    expect(await bucket.store.stat("film.mov")).toBeUndefined();
    expect(md5(await read(store, "back/film.mov"))).toBe(md5(large));
    expect(await store.stat("back/film.mov")).toMatchObject({ modified });
  });

  test("parts are signed for the bucket, and reads; the folder has neither", async () => {
    expect(store.direct).toBe(true);
    const [onDisk, inBucket] = await Promise.all(
      ["a.bin", "bucket/a.bin"].map((path) => store.create({ path, size: 3 })),
    );
    expect([onDisk?.presign, typeof inBucket?.presign]).toEqual([undefined, "function"]);
    await Promise.all([onDisk?.abort(), inBucket?.abort()]);
    await write(store, "bucket/b.bin");
    await write(store, "b.bin");
    expect(await store.presignRead?.("b.bin")).toEqual([]);
    expect((await store.presignRead?.("bucket/b.bin"))?.[0]?.url).toMatch(/^http.*\/b\.bin\?/);
  });

  test("the disk tells its room, the bucket none", async () => {
    expect((await store.space?.({ path: "x/y.bin" }))?.free).toBeGreaterThan(0);
    expect(await store.space?.({ path: "bucket" })).toBeUndefined();
    expect(await store.space?.({ path: "bucket/y.bin" })).toBeUndefined();
  });
});
