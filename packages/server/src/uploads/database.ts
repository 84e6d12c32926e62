/**
 * The ledger's database: Kysely over `node:sqlite`. One process owns the file.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import { migrations } from "./migrations.ts";

export interface UploadRow {
  readonly id: string;
  readonly owner: string;
  /** The upload's id at the store. */
  readonly store_id: string;
  readonly path: string;
  readonly size: number;
  readonly part_size: number;
  readonly type: string | null;
  readonly modified: string | null;
  readonly conflict: "fail" | "rename" | "overwrite";
  readonly created: number;
  readonly expires: number;
  readonly epoch: number;
  readonly confirmed: number;
  /** `piped`: a whole body on its way through this process; nobody can resume it. */
  readonly state: "open" | "completing" | "complete" | "piped";
  /** The finished file as JSON, once the state is `complete`. */
  readonly file: string | null;
}

export interface PartDigestRow {
  readonly upload: string;
  readonly number: number;
  readonly md5: string | null;
  readonly crc64: string | null;
  readonly etag: string | null;
}

export interface FileChecksumRow {
  readonly path: string;
  readonly etag: string;
  readonly size: number;
  readonly crc64: string;
}

export interface AccountRow {
  readonly name: string;
  readonly password: string;
  readonly admin: number;
  readonly created: number;
}

/** Sessions, API tokens and one-time links differ in `kind` only: a secret, kept as its SHA-256, that stands for an account. */
export interface SecretRow {
  readonly id: string;
  readonly kind: "session" | "token" | "link";
  readonly hash: string;
  readonly account: string;
  readonly name: string;
  readonly created: number;
  readonly used: number;
  readonly expires: number | null;
}

interface Tables {
  readonly uploads: UploadRow;
  readonly part_digests: PartDigestRow;
  readonly file_checksums: FileChecksumRow;
  readonly accounts: AccountRow;
  readonly secrets: SecretRow & { readonly rowid: Generated<number> };
}

export type Database = Kysely<Tables>;

/** Open the ledger at `file` (`":memory:"` for none on disk), made or brought up to date. `destroy()` closes it. */
export function openDatabase(file: string): Database {
  const sqlite = new DatabaseSync(file);
  sqlite.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 5000");
  migrate(sqlite);
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database: asKyselyDatabase(sqlite) }) });
}

function migrate(sqlite: DatabaseSync): void {
  const [version = 0] = Object.values(sqlite.prepare("PRAGMA user_version").get() ?? {}).map(Number);
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
