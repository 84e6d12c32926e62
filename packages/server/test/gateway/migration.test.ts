import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { openDatabase } from "../../src/database/database.ts";
import { migrations } from "../../src/database/migrations.ts";
import { UploadLedger } from "../../src/uploads/upload-ledger.ts";
import { tempFolder } from "../stores/temp-folder.ts";

test("an attempt that an earlier version kept is resumed, not taken for changes to a finished file", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  const before = migrations.findIndex((step) => step.includes("ADD COLUMN edit"));
  const old = new DatabaseSync(file);
  for (const step of migrations.slice(0, before)) old.exec(step);
  old.exec(`PRAGMA user_version = ${before}`);
  old.exec(
    `INSERT INTO uploads VALUES ('u', 'ann', 's', 'x.bin', 0, 0, NULL, NULL, 'overwrite', 1, 2, 1, 0, 'open', NULL)`,
  );
  old.exec(`INSERT INTO arrivals VALUES ('u', 'sftp', 'x.bin', 8, 0, 1234, '{"at":0,"pieces":[]}', NULL)`);
  old.close();
  const db = openDatabase(file);
  const { arrivals } = new UploadLedger(db);
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
