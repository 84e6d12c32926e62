/** The one file that meets Kysely, the query builder. */
export { type Dialect, type Generated, Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from "kysely";
