import { createHash } from "node:crypto";
import { type CheckedFile, type CheckedUploads, crc64, type FileToCheck } from "@naru/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { mountStores } from "../../src/catalogue/mounts.ts";
import { oneUpload, Rights } from "../../src/catalogue/rights.ts";
import { openDatabase } from "../../src/database/database.ts";
import { silentLog } from "../../src/logger.ts";
import type { ServedStore } from "../../src/served-store.ts";
import { fileStore } from "../../src/stores/file/file-store.ts";
import { type HttpDoor, httpDoor } from "../../src/testing/index.ts";
import { checkUploads } from "../../src/uploads/check-uploads.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";
import { openS3 } from "../stores/opened-bucket.ts";
import { tempFolder } from "../stores/temp-folder.ts";
import { Client, verdict } from "./client.ts";

interface Opened extends AsyncDisposable {
  readonly store: ServedStore;
}

async function openFolder(): Promise<Opened> {
  const folder = await tempFolder();
  return { store: await fileStore(folder.path), [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const text = "one and two";
const bytes = new TextEncoder().encode(text);
const modified = "2026-11-19T08:00:00.000Z";
const wish = (path: string, more: Partial<FileToCheck> = {}): FileToCheck => ({ path, size: bytes.length, ...more });

describe.each([
  ["a folder", openFolder],
  ["a bucket", openS3],
] as const)("over %s", (_name, open) => {
  let opened: Opened;
  let door: HttpDoor;
  let admin: Client;
  beforeAll(async () => {
    opened = await open();
    door = await httpDoor(opened.store);
    admin = Client.basic(door.origin, door.user, door.password);
    const { id, epoch } = await admin.create({ path: "docs/there.txt", size: bytes.length, modified });
    await admin.put(id, 1, text);
    await admin.json("POST", `/api/uploads/${id}/complete`, {}, { "naru-epoch": String(epoch) });
  });
  afterAll(async () => {
    await door.close();
    await opened[Symbol.asyncDispose]();
  });

  async function check(files: readonly object[]): Promise<CheckedUploads> {
    const answer = await admin.json("POST", "/api/uploads/check", { files });
    expect(answer.status).toBe(200);
    return (await answer.json()) as CheckedUploads;
  }

  async function one(file: object): Promise<CheckedFile> {
    const [result] = (await check([file])).results;
    if (!result) throw new Error("no result");
    return result;
  }

  test("a free name has nothing against it, and nothing is claimed by asking", async () => {
    expect(await one(wish("docs/free.txt"))).toEqual({});
    expect(await one(wish("docs/free.txt"))).toEqual({});
    expect(await (await admin.call("GET", "/api/uploads")).json()).toEqual({ uploads: [] });
  });

  test("a taken name tells of the file that has it, and whether it is the same by what is known of both", async () => {
    const md5 = createHash("md5").update(text).digest("hex");
    const other = { size: 5, modified };
    const { results } = await check([
      wish("docs/there.txt"),
      wish("docs/there.txt", { modified }),
      wish("docs/there.txt", { modified: "2026-11-19T08:01:00Z" }),
      wish("docs/there.txt", { crc64: crc64(bytes) }),
      wish("docs/there.txt", { md5 }),
      wish("docs/there.txt", { modified, crc64: "0000000000000001" }),
      wish("docs/there.txt", other),
    ]);
    const facts = { path: "docs/there.txt", size: bytes.length, modified, crc64: crc64(bytes) };
    for (const result of results) expect(result).toMatchObject({ taken: "file", file: facts });
    expect(results.map(({ same }) => same)).toEqual([
      undefined,
      "facts",
      undefined,
      "content",
      "content",
      undefined,
      undefined,
    ]);
  });

  test("a folder of that name, a file in the way, and an upload on its way are told apart", async () => {
    const { id } = await admin.create({ path: "docs/coming.txt", size: 5 });
    const { results } = await check([wish("docs"), wish("docs/there.txt/below.txt"), wish("docs/coming.txt")]);
    expect(results[0]).toEqual({ taken: "folder" });
    expect(results[1]?.error).toMatchObject({ code: "conflict", message: expect.stringContaining("is a file") });
    expect(results[2]).toEqual({ taken: "upload" });
    await admin.call("DELETE", `/api/uploads/${id}`);
  });

  test("names that cannot be have their error in their place, in the spelling of any system", async () => {
    const { results } = await check([
      wish("docs/CON"),
      wish("docs/../../etc/passwd"),
      wish(".naru/x"),
      wish("가".repeat(100)),
      wish("docs/there.txt".normalize("NFD")),
      { path: "docs/no-size" },
    ]);
    expect(results.map(({ error, taken }) => error?.code ?? taken)).toEqual([
      "invalid",
      "invalid",
      "invalid",
      "invalid",
      "file",
      "invalid",
    ]);
  });

  test("a thousand names are looked at in one call, and one more is refused", async () => {
    const many = Array.from({ length: 999 }, (_, index) => wish(`many/${index}.txt`));
    const { results } = await check([...many, wish("docs/there.txt")]);
    expect(results.filter(({ taken, error }) => !taken && !error)).toHaveLength(999);
    expect(results.at(-1)?.taken).toBe("file");
    const tooMany = [...many, wish("a"), wish("b")];
    expect(await verdict(admin.json("POST", "/api/uploads/check", { files: tooMany }))).toBe("400 invalid");
  });
});

test("a file that no store takes, or that has no room, is told before it is sent; each mount has its own", async () => {
  await using folder = await openFolder();
  await using small = await openFolder();
  const limits = { ...small.store.limitsFor(""), maxSize: 1000, maxPartSize: 1000 };
  const store = mountStores([
    { prefix: "", store: { ...folder.store, space: async () => ({ total: 5000, free: 2000 }) } },
    {
      prefix: "small/",
      store: { ...small.store, limitsFor: () => limits, space: async () => ({ total: 9, free: 9 }) },
    },
  ]);
  await using door = await httpDoor(store);
  const admin = Client.basic(door.origin, door.user, door.password);
  const files = [
    { path: "a/fits.bin", size: 2000 },
    { path: "a/full.bin", size: 2001 },
    { path: "small/large.bin", size: 1001 },
    { path: "small/full.bin", size: 10 },
    { path: "small/fits.bin", size: 9 },
    { path: "small", size: 9 },
  ];
  const answer = await admin.json("POST", "/api/uploads/check", { files });
  const { results, free } = (await answer.json()) as CheckedUploads;
  expect(results.map(({ error, taken }) => error?.code ?? taken ?? "free")).toEqual([
    "free",
    "no-space",
    "too-large",
    "no-space",
    "free",
    "folder",
  ]);
  expect(free).toBe(2000);
});

test("who may send one file is refused others, and is not told of what he may not see", async () => {
  await using folder = await openFolder();
  const db = await openDatabase(":memory:");
  const log = silentLog();
  const { catalogue } = openCatalogue({ store: folder.store, db, log, now: Date.now });
  const account = catalogue.for({ account: "a", door: "http" });
  await account.putFile?.({ path: "mine.txt", size: bytes.length }, new Blob([bytes]));
  const rights = new Rights(oneUpload("mine.txt"), { now: Date.now });
  const blind = new Rights([{ prefix: "", may: new Set(["write"]) }], { now: Date.now });
  const ask = (by: Rights) =>
    checkUploads([{ ok: wish("mine.txt") }, { ok: wish("other.txt") }], { catalogue, rights: by });
  const seen = await ask(rights);
  expect(seen.results[0]).toMatchObject({ taken: "file", file: { path: "mine.txt" } });
  expect(seen.results[1]?.error?.code).toBe("forbidden");
  expect((await ask(blind)).results).toEqual([{ taken: "file" }, {}]);
  await catalogue.close();
  await db.destroy();
});
