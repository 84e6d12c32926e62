import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { memoryStore, migrate } from "@naru/core";
import { expect, test } from "vitest";
import { Secrets } from "../../src/accounts/secrets.ts";
import { type Database, openDatabase } from "../../src/database/database.ts";
import { migrations } from "../../src/database/migrations.ts";
import { silentLog } from "../../src/logger.ts";
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
