/**
 * The one runner of migrations: databases of SQLite, the server's and the agent's, whose `user_version` counts the steps
 * that they have seen.
 *
 * @module
 */

import { TransferError } from "./errors.ts";

/** As much of `node:sqlite` as migrating needs. */
export interface MigratableDatabase {
  exec(sql: string): void;
  prepare(sql: string): { get(): Readonly<Record<string, unknown>> | undefined };
}

/**
 * Bring a database up to date: run the steps that it has not seen, each whole or not at all. Steps are only ever appended.
 * After a failure the caller closes the database, which takes the step that failed back.
 *
 * @throws {TransferError} `unsupported` when a newer program wrote it: it has seen steps that are not known here.
 *   `what` is what cannot be opened then, in words
 */
export function migrate(database: MigratableDatabase, steps: readonly string[], what: string): void {
  for (let version = versionOf(database); version !== steps.length; version = versionOf(database)) {
    const step = steps[version];
    if (step === undefined) {
      const why = `a newer Naru wrote it (version ${version}, this one knows ${steps.length}); start that one again`;
      throw new TransferError("unsupported", `Cannot open ${what}: ${why}, or use another`);
    }
    database.exec("BEGIN IMMEDIATE");
    // Another process may have run it while this one waited for its turn.
    if (versionOf(database) === version) database.exec(`${step}; PRAGMA user_version = ${version + 1}`);
    database.exec("COMMIT");
  }
}

function versionOf(database: MigratableDatabase): number {
  return Number(database.prepare("PRAGMA user_version").get()?.["user_version"]);
}
