import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { migrate } from "@naru/core";
import { memoryStore } from "@naru/core/testing";
import { expect, test } from "vitest";
import { Accounts } from "../../src/accounts/accounts.ts";
import { Secrets } from "../../src/accounts/secrets.ts";
import { FileFacts, factsIn } from "../../src/catalogue/file-facts.ts";
import { type Database, openDatabase } from "../../src/database/database.ts";
import { migrations } from "../../src/database/migrations.ts";
import { silentLog } from "../../src/logger.ts";
import { defaultSharePolicy } from "../../src/shares/share-policy.ts";
import { Shares } from "../../src/shares/shares.ts";
import { openCatalogue } from "../../src/uploads/open-catalogue.ts";
import type { UploadLedger } from "../../src/uploads/upload-ledger.ts";
import { tempFolder } from "../stores/temp-folder.ts";

/** Make the database of a version that knew the steps before the one that says `next`, with rows of its time. */
function makeOld(file: string, next: string, ...rows: readonly string[]): void {
  const old = new DatabaseSync(file);
  const count = migrations.findIndex((step) => step.includes(next));
  migrate(old, migrations.slice(0, count), "it");
  for (const row of rows) old.exec(row);
  old.close();
}

function openLedger(db: Database): UploadLedger {
  return openCatalogue({ store: memoryStore(), db, now: Date.now, log: silentLog() }).ledger;
}

test("an attempt that an earlier version kept is resumed, not taken for changes to a finished file", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  makeOld(
    file,
    "ADD COLUMN edit",
    `INSERT INTO uploads VALUES ('u', 'ann', 's', 'x.bin', 0, 0, NULL, NULL, 'overwrite', 1, 2, 1, 0, 'open', NULL)`,
    `INSERT INTO arrivals VALUES ('u', 'sftp', 'x.bin', 8, 0, 1234, '{"at":0,"pieces":[]}', NULL)`,
  );
  const db = openDatabase(file);
  const { arrivals } = openLedger(db);
  expect(await arrivals.find("ann", "x.bin")).toMatchObject({ durable: 1234, edit: 0 });
  await db.destroy();
});

test("a data folder that a newer version wrote is refused in words, and stays as it is", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  const newer = migrations.length + 1;
  await openDatabase(file).destroy();
  const sqlite = new DatabaseSync(file);
  sqlite.exec(`PRAGMA user_version = ${newer}`);
  sqlite.close();
  expect(() => openDatabase(file)).toThrow(`a newer Naru wrote it (version ${newer}`);
});

test("uploads of an earlier version are planned, those of the gateway growing", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  const upload = (id: string, partSize: number, state: string): string =>
    `INSERT INTO uploads VALUES ('${id}', 'ann', 's', 'x', 9, ${partSize}, NULL, NULL, 'fail', 1, 2, 1, 0, '${state}', NULL)`;
  makeOld(
    file,
    "ADD COLUMN kind",
    upload("planned", 8, "open"),
    upload("growing", 0, "open"),
    upload("grown", 0, "complete"),
    upload("piped", 0, "piped"),
    `INSERT INTO arrivals VALUES ('growing', 'ftp', 'x', 8, 0, 5, '{"at":0,"pieces":[]}', NULL, 0)`,
  );
  const db = openDatabase(file);
  const ledger = openLedger(db);
  const kinds = await Promise.all(
    ["planned", "growing", "grown", "piped"].map(async (id) => (await ledger.get(id))?.kind),
  );
  expect(kinds).toEqual(["planned", "growing", "growing", "planned"]);
  await db.destroy();
});

test("an agent that an earlier version paired takes its tokens for single uploads with it, and no others", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  const secret = (id: string, kind: string, name: string): string =>
    `INSERT INTO secrets VALUES ('${id}', '${kind}', 'hash of ${id}', 'ann', '${name}', 1, 1, NULL)`;
  makeOld(
    file,
    "ADD COLUMN agent",
    `INSERT INTO accounts VALUES ('ann', 'x', 0, 1)`,
    secret("a1", "agent", "a PC"),
    secret("a2", "agent", "another PC"),
    secret("of a1", "upload", '{"agent":"a1","id":"","path":"x.bin"}'),
    secret("of a2", "upload", '{"agent":"a2","id":"","path":"y.bin"}'),
    secret("t", "token", "a1"),
  );
  const db = openDatabase(file);
  const secrets = new Secrets(db, { now: () => 2 });
  expect(await secrets.revokeAgent("ann", "a1")).toBe(true);
  const ids = async (kind: "agent" | "upload" | "token") => (await secrets.list(kind, "ann")).map(({ id }) => id);
  expect([await ids("agent"), await ids("upload"), await ids("token")]).toEqual([["a2"], ["of a2"], ["t"]]);
  await db.destroy();
});

test("a step that fails is taken back whole, and runs when it can", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "any.db");
  const first = new DatabaseSync(file);
  expect(() => migrate(first, ["CREATE TABLE a (x)", "CREATE TABLE b (x); no SQL"], "it")).toThrow(/syntax/);
  first.close();
  const second = new DatabaseSync(file);
  migrate(second, ["CREATE TABLE a (x)", "CREATE TABLE b (x)"], "it");
  expect(second.prepare("SELECT name FROM sqlite_schema ORDER BY name").all()).toEqual([{ name: "a" }, { name: "b" }]);
  second.close();
});

test("checksums and modification times that earlier versions kept apart are one row of each file", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  makeOld(
    file,
    "ALTER TABLE file_facts ADD COLUMN crc64",
    `INSERT INTO file_facts VALUES ('both', 'e1', 1, 'md5', NULL, 981173106000), ('stale', 'e3', 3, NULL, 'sha', 7)`,
    `INSERT INTO file_checksums VALUES ('both', 'e1', 1, 'crc1'), ('only', 'e2', 2, 'crc2'), ('stale', 'e9', 3, 'crc9')`,
  );
  const db = openDatabase(file);
  const facts = new FileFacts(db);
  const known = await Promise.all(
    [
      { path: "both", etag: "e1", size: 1 },
      { path: "only", etag: "e2", size: 2 },
      { path: "stale", etag: "e3", size: 3 },
      { path: "stale", etag: "e9", size: 3 },
    ].map(async (state) => factsIn(await facts.look(state))),
  );
  const none = { crc32: null, packed_crc32: null, account: null, door: null, arrived: null };
  expect(known).toEqual([
    { crc64: "crc1", md5: "md5", ...none, sha256: null, modified: 981173106000 },
    { crc64: "crc2", md5: null, ...none, sha256: null, modified: null },
    { crc64: null, md5: null, ...none, sha256: "sha", modified: 7 },
    {},
  ]);
  await db.destroy();
});

test("an upload that an earlier version was completing when it ended is found, if it became a file", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  const store = memoryStore();
  const open = await store.create({ path: "open.bin", size: 3 });
  await open.put({ number: 1, offset: 0, size: 3 }, new Blob(["abc"]));
  const done = await store.create({ path: "done.bin", size: 3 });
  await done.put({ number: 1, offset: 0, size: 3 }, new Blob(["abc"]));
  await done.complete();
  const upload = (id: string, storeId: string): string =>
    `INSERT INTO uploads (id, owner, store_id, path, size, part_size, conflict, created, expires, epoch, confirmed, state)
     VALUES ('${id}', 'ann', '${storeId}', '${id}.bin', 3, 8, 'fail', 1, 9e15, 1, 0, 'completing')`;
  makeOld(file, "CREATE TABLE file_changes", upload("open", open.id), upload("done", done.id));
  const db = openDatabase(file);
  const { catalogue, ledger } = openCatalogue({ store, db, now: Date.now, log: silentLog() });
  await catalogue.recover();
  expect(await ledger.get("open")).toMatchObject({ state: "open" });
  expect(await ledger.get("done")).toMatchObject({ state: "complete", file: expect.stringContaining("done.bin") });
  const by = { account: "ann", door: "http" };
  expect(await catalogue.events.since(0)).toMatchObject([{ kind: "arrived", path: "done.bin", upload: "done", by }]);
  await db.destroy();
});

test("accounts of an earlier version make links, which go with them", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  makeOld(file, "CREATE TABLE shares", "INSERT INTO accounts VALUES ('ann', 'scrypt', 1, 1), ('kim', 'scrypt', 0, 1)");
  const db = openDatabase(file);
  const shares = new Shares(db, { policy: defaultSharePolicy, now: () => 1 });
  const { token } = await shares.create({ kind: "share", path: "a.bin" }, "kim");
  expect(await shares.open(token)).toMatchObject({ owner: "kim", path: "a.bin" });
  await new Accounts(db, { now: () => 1 }).remove("kim");
  expect(await shares.open(token)).toBeUndefined();
  await db.destroy();
});

test("events that an earlier version forgot are known to be missing; what it knew of files and renames stays", async () => {
  await using folder = await tempFolder();
  const event = (position: number): string =>
    `INSERT INTO file_events VALUES (${position}, 'arrived', 'file', 'x', NULL, 1, 'e', 'ann', 'http', NULL, 9e15)`;
  const forgotten = async (name: string, ...rows: readonly string[]): Promise<readonly boolean[]> => {
    const file = join(folder.path, `${name}.db`);
    makeOld(file, "CREATE TABLE bin_items", ...rows);
    const db = openDatabase(file);
    const { events, facts } = openCatalogue({ store: memoryStore(), db, now: Date.now, log: silentLog() }).catalogue;
    const answers = await Promise.all([3, 6, 8].map((position) => events.isForgotten(position)));
    const known = await facts.look({ path: "x", etag: "e", size: 1 });
    if (rows.length > 2) expect(known).toMatchObject({ md5: "md5", modified: 7, account: null, arrived: null });
    await db.destroy();
    return answers;
  };
  const facts = "INSERT INTO file_facts (path, etag, size, md5, modified) VALUES ('x', 'e', 1, 'md5', 7)";
  expect(await forgotten("some are left", event(7), event(8), facts)).toEqual([true, false, false]);
  expect(await forgotten("none is left", event(8), "DELETE FROM file_events")).toEqual([true, true, false]);
  // Positions that were never given are those of another database.
  expect(await forgotten("there was none")).toEqual([true, true, true]);
});
