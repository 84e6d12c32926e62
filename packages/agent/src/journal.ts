/**
 * What the agent remembers over restarts and crashes: transfers, segments of the spool, settings. One process owns the
 * database; what is acknowledged to others is on disk before the call returns (WAL, synchronous FULL).
 *
 * @module
 */

import { chmodSync, closeSync, openSync } from "node:fs";
import { DatabaseSync, type SQLInputValue, type StatementSync } from "node:sqlite";
import { migrate, TransferError } from "@naru/core";
import { isDiskRefusal } from "./full-disk.ts";

const sqliteBusy = 5;

const migrations: readonly string[] = [
  `CREATE TABLE transfers (
     id TEXT PRIMARY KEY, place REAL NOT NULL, entry TEXT NOT NULL
   ) STRICT;
   CREATE TABLE segments (
     transfer TEXT NOT NULL, number INTEGER NOT NULL, state TEXT NOT NULL, md5 TEXT NOT NULL, crc64 TEXT NOT NULL,
     PRIMARY KEY (transfer, number)
   ) STRICT, WITHOUT ROWID;
   CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;`,
];

export type Row = Readonly<Record<string, SQLInputValue>>;

/** The journal, as statements. */
export class AgentJournal implements Disposable {
  readonly #file: string;
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  /**
   * Open the journal at `file`, made (0600) or brought up to date. It is locked until it is disposed or the process ends:
   * this is what makes an agent the only one of its folder.
   *
   * @throws {TransferError} `conflict` when another process has it, `no-space` when its disk is full, `unsupported` when a
   *   newer agent wrote it
   */
  constructor(file: string) {
    this.#file = file;
    // The files beside it (WAL) take their mode from it.
    closeSync(openSync(file, "a", 0o600));
    chmodSync(file, 0o600);
    this.#database = new DatabaseSync(file);
    try {
      this.#database.exec("PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      this.#database.exec("BEGIN EXCLUSIVE; COMMIT");
      migrate(this.#database, migrations, "the agent's data folder");
    } catch (cause) {
      this.#database.close();
      const isLocked = cause instanceof Error && "errcode" in cause && cause.errcode === sqliteBusy;
      if (!isLocked) throw this.#inWords(cause);
      throw new TransferError("conflict", `Cannot open "${file}": another agent uses it`, { cause });
    }
  }

  /** Read rows. */
  all(sql: string, ...values: readonly SQLInputValue[]): readonly Row[] {
    return this.#statement(sql).all(...values);
  }

  /** Write, on disk when it returns. @throws {TransferError} `no-space` when the disk takes nothing; nothing is changed then */
  run(sql: string, ...values: readonly SQLInputValue[]): void {
    try {
      this.#statement(sql).run(...values);
    } catch (cause) {
      throw this.#inWords(cause);
    }
  }

  /** Write; a power cut may lose it, a crash of this process does not. */
  runLazily(sql: string, ...values: readonly SQLInputValue[]): void {
    this.#database.exec("PRAGMA synchronous = NORMAL");
    try {
      this.run(sql, ...values);
    } finally {
      this.#database.exec("PRAGMA synchronous = FULL");
    }
  }

  [Symbol.dispose](): void {
    this.#database.close();
  }

  #inWords(cause: unknown): unknown {
    if (!isDiskRefusal(cause)) return cause;
    const said = cause instanceof Error ? cause.message : String(cause);
    return new TransferError("no-space", `Cannot write "${this.#file}": the disk is full (${said})`, { cause });
  }

  #statement(sql: string): StatementSync {
    const statement = this.#prepared.get(sql) ?? this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }
}
