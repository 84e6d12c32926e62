/**
 * The tables in one file, by `node:sqlite`. One process serves from the file; others of the same machine may read and
 * write it too.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { migrate } from "@naru/core";
import { type Dialect, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "../kysely.ts";
import { migrations } from "../migrations.ts";

/** Open the database at `file` (`":memory:"` for none on disk), made or brought up to date. */
export function sqlite(file: string): Dialect {
  const database = new DatabaseSync(file);
  database.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
  try {
    migrate(database, migrations, "the data folder");
  } catch (error) {
    database.close();
    throw error;
  }
  return new SqliteDialect({ database: asKyselyDatabase(database) });
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
