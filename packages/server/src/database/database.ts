/**
 * The server's database: tables that every room owns some of, over one of `dialects/`. A dialect is Kysely's, over a
 * database that it has made or brought up to date.
 *
 * @module
 */

import { sqlite } from "./dialects/sqlite.ts";
import { Kysely } from "./kysely.ts";
import type { AccountTables } from "./tables/accounts.ts";
import type { FileEventTables } from "./tables/file-events.ts";
import type { FileTables } from "./tables/files.ts";
import type { FolderMoveTables } from "./tables/folder-moves.ts";
import type { ShareTables } from "./tables/shares.ts";
import type { TicketTables } from "./tables/tickets.ts";
import type { UploadTables } from "./tables/uploads.ts";

export type Database = Kysely<
  UploadTables & FileTables & FileEventTables & FolderMoveTables & AccountTables & ShareTables & TicketTables
>;

/** Open the database at `file` (`":memory:"` for none on disk), made or brought up to date. `destroy()` closes it. */
export function openDatabase(file: string): Database {
  return new Kysely({ dialect: sqlite(file) });
}
