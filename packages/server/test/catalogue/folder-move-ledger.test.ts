import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { expect, test } from "vitest";
import { FileFacts } from "../../src/catalogue/file-facts.ts";
import { FolderMoveLedger } from "../../src/catalogue/folder-move-ledger.ts";
import { openDatabase } from "../../src/database/database.ts";
import { migrations } from "../../src/database/migrations.ts";
import { tempFolder } from "../stores/temp-folder.ts";

/** How many migrations a database had seen before renames were noted. */
const versionBefore = 3;

test("a database from before renames were noted keeps what it has, and notes them from now on", async () => {
  await using folder = await tempFolder();
  const file = join(folder.path, "naru.db");
  const before = new DatabaseSync(file);
  for (const script of migrations.slice(0, versionBefore)) before.exec(script);
  before.exec(`PRAGMA user_version = ${versionBefore}`);
  before.exec("INSERT INTO file_facts VALUES ('a/x', 'etag', 3, 'md5', NULL, 7)");
  before.close();

  const db = openDatabase(file);
  const facts = new FileFacts(db);
  const folderMoves = new FolderMoveLedger(db);
  const by = { account: "ann", door: "http", copies: 0, replaces: null } as const;
  const begun = (now: number) => ({ now, note: async () => undefined });
  expect(await facts.look({ path: "a/x", etag: "etag", size: 3 })).toMatchObject({ md5: "md5", modified: 7 });
  const paths = ["a/", ...Array.from({ length: 2500 }, (_, at) => `a/${at}`)];
  const id = await folderMoves.begin({ source: "a", target: "b", ...by }, paths, begun(1));
  await folderMoves.strike(id, "a/7");
  await db.destroy();

  const again = openDatabase(file);
  const later = new FolderMoveLedger(again);
  expect(await later.listOpen()).toMatchObject([{ id, source: "a", target: "b", state: "open" }]);
  expect((await later.paths(id)).sort()).toEqual(paths.filter((path) => path !== "a/7").sort());
  await later.fail(id);
  expect(await later.listOpen()).toEqual([]);
  expect(await later.find({ source: "a", target: "b", copies: 0 })).toMatchObject({ state: "failed" });
  await later.begin({ source: "a", target: "c", ...by }, ["a/"], begun(2));
  expect(await later.find({ source: "a", target: "b", copies: 0 })).toBeUndefined();
  await again.destroy();
});
