/**
 * The ledger's database: Kysely over `node:sqlite`. One process owns the file.
 *
 * @module
 */

import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { TransferError } from "@naru/core";
import { type Generated, Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
import { migrations } from "./migrations.ts";

export interface UploadRow {
  readonly id: string;
  readonly owner: string;
  /** The upload's id at the store. */
  readonly store_id: string;
  readonly path: string;
  readonly size: number;
  /** 0 when there is no plan: the upload is an arrival of the gateway. */
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

/** What the gateway adds to an upload that came by SFTP or FTP: its size may be unknown, and it has no fixed plan. */
export interface ArrivalRow {
  readonly upload: string;
  readonly door: "sftp" | "ftp";
  /** What its owner calls it while it is on its way: `a.bin.filepart` of an upload to `a.bin`. */
  readonly name: string;
  /** The size of parts where the store wants them equal. */
  readonly part_size: number;
  readonly size_known: number;
  /** Up to here its owner need not send again. */
  readonly durable: number;
  /** Bytes after the last part that are kept as hidden files, `KeptTail` as JSON. */
  readonly tail: string;
  /** When its client closed it, if it waits for its final name since. */
  readonly finished: number | null;
  /** 1 while it is made of a finished file that stands under its name: cut off, it is nothing to resume. */
  readonly edit: number;
}

/** What is known of a file that its store does not keep; it holds while etag and size are the same. */
export interface FileFactsRow {
  readonly path: string;
  readonly etag: string;
  readonly size: number;
  readonly md5: string | null;
  readonly sha256: string | null;
  /** When its owner says that it was modified. */
  readonly modified: number | null;
}

export interface AccountRow {
  readonly name: string;
  readonly password: string;
  readonly admin: number;
  readonly created: number;
}

/** Sessions, tokens (of the API, of agents, for one upload) and one-time links differ in `kind` only: a secret, kept as its SHA-256, that stands for an account. */
export interface SecretRow {
  readonly id: string;
  readonly kind: "session" | "token" | "link" | "agent" | "upload";
  readonly hash: string;
  readonly account: string;
  readonly name: string;
  readonly created: number;
  readonly used: number;
  readonly expires: number | null;
}

export interface PublicKeyRow {
  readonly account: string;
  readonly fingerprint: string;
  readonly algorithm: string;
  /** In base64. */
  readonly blob: string;
  readonly comment: string;
  readonly created: number;
}

/** A folder that is being renamed, file by file; `failed` when some of it could not be moved. */
export interface FolderMoveRow {
  readonly id: string;
  readonly source: string;
  readonly target: string;
  readonly begun: number;
  readonly state: "open" | "failed";
}

/** What is left to move of a folder; folders have a final `/`. */
interface FolderMovePathRow {
  readonly move: string;
  readonly path: string;
}

interface Tables {
  readonly uploads: UploadRow;
  readonly part_digests: PartDigestRow;
  readonly file_checksums: FileChecksumRow;
  readonly arrivals: ArrivalRow;
  readonly file_facts: FileFactsRow;
  readonly folder_moves: FolderMoveRow;
  readonly folder_move_paths: FolderMovePathRow;
  readonly accounts: AccountRow;
  readonly public_keys: PublicKeyRow;
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
