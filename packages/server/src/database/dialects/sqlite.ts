/**
 * The tables in one file, by `node:sqlite`. One process serves from the file; others of the same machine may read and
 * write it too.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { TransferError } from "@naru/core";
import { type Dialect, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "../kysely.ts";
import { migrations } from "../migrations.ts";

/** Open the database at `file` (`":memory:"` for none on disk), made or brought up to date. */
export function sqlite(file: string): Dialect {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
  migrate(database);
  return new SqliteDialect({ database: asKyselyDatabase(database) });
}

function migrate(sqlite: DatabaseSync): void {
  const [version = 0] = Object.values(sqlite.prepare("PRAGMA user_version").get() ?? {}).map(Number);
  if (version > migrations.length) {
    const why = `a newer Naru wrote it (version ${version}, this one knows ${migrations.length}); start that one again`;
    throw new TransferError("unsupported", `Cannot open the data folder: ${why}, or use another data folder`);
  }
  for (const [index, script] of migrations.entries()) {
    if (index < version) continue;
    sqlite.exec(`BEGIN IMMEDIATE; ${script}; PRAGMA user_version = ${index + 1}; COMMIT`);
  }
}

/** Show `node:sqlite` to Kysely as it expects a driver, with statements prepared once. */
function asKyselyDatabase(sqlite: DatabaseSync): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => sqlite.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      const statement = asKyselyStatement(sqlite.prepare(sql));
      // Batches of many sizes make many texts; a bounded cache keeps the common ones.
      if (prepared.size >= 200) prepared.clear();
      prepared.set(sql, statement);
      return statement;
    },
  };
}

function asKyselyStatement(statement: StatementSync): SqliteStatement {
  // Kysely hands over what the callers wrote into columns typed above: strings, numbers and null only.
  const values = (parameters: ReadonlyArray<unknown>): SQLInputValue[] => [...parameters] as SQLInputValue[];
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...values(parameters)),
    run: (parameters) => statement.run(...values(parameters)),
    iterate: (parameters) => statement.iterate(...values(parameters)),
  };
}
