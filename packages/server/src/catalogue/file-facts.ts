import type { StoredFile } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { FileFactsRow } from "../database/tables/files.ts";

/** What may be noted of a file beside what its store keeps. */
export type FileFacts = Partial<Pick<FileFactsRow, "md5" | "sha256" | "modified">>;

type FileState = Pick<StoredFile, "path" | "etag" | "size">;

/** Digests and dates of files, for stores that do not keep them. They hold only while the content is what it was. */
export class FileFactsLedger {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Note facts of a file; what was known of other content at its path is forgotten. */
  async note(file: FileState, facts: FileFacts): Promise<void> {
    const { path, etag, size } = file;
    const row = { md5: null, sha256: null, modified: null, ...(await this.look(file)), ...facts, path, etag, size };
    await this.#db
      .insertInto("file_facts")
      .values(row)
      .onConflict((clash) => clash.column("path").doUpdateSet(row))
      .execute();
  }

  async look({ path, etag, size }: FileState): Promise<FileFactsRow | undefined> {
    const row = await this.#db.selectFrom("file_facts").selectAll().where("path", "=", path).executeTakeFirst();
    return row?.etag === etag && row.size === size ? row : undefined;
  }

  /** What is known of many files, by path. */
  async lookAll(files: readonly FileState[]): Promise<ReadonlyMap<string, FileFactsRow>> {
    if (files.length === 0) return new Map();
    const paths = files.map(({ path }) => path);
    const rows = await this.#db.selectFrom("file_facts").selectAll().where("path", "in", paths).execute();
    const byPath = new Map(rows.map((row) => [row.path, row]));
    const same = files.flatMap(({ path, etag, size }) => {
      const row = byPath.get(path);
      return row?.etag === etag && row.size === size ? [row] : [];
    });
    return new Map(same.map((row) => [row.path, row]));
  }

  async forget(path: string): Promise<void> {
    await this.#db.deleteFrom("file_facts").where("path", "=", path).execute();
  }
}
