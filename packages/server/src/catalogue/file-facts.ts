import type { StoredFile } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { FileFactsRow } from "../database/tables/files.ts";

/** What may be noted of a file beside what its store keeps. */
export type Facts = Partial<Omit<FileFactsRow, "path" | "etag" | "size">>;

type FileState = Pick<StoredFile, "path" | "etag" | "size">;

const noFacts: Required<Facts> = {
  crc64: null,
  md5: null,
  sha256: null,
  crc32: null,
  packed_crc32: null,
  modified: null,
  account: null,
  door: null,
  arrived: null,
};

/**
 * Checksums and modification times of files, for stores that do not keep them, or tell others where they list files than
 * where they are asked for one. They hold only while the content is what it was.
 *
 * Every call takes the transaction that it is part of, if any.
 */
export class FileFacts {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Note the facts of a file that has just arrived; all that was known of its path is forgotten, though it were of the same bytes. */
  async replace({ path, etag, size }: FileState, facts: Facts, db: Database = this.#db): Promise<void> {
    const row = { ...noFacts, ...facts, path, etag, size };
    const insert = db.insertInto("file_facts").values(row);
    await insert.onConflict((clash) => clash.column("path").doUpdateSet(row)).execute();
  }

  /** Note more of a file that is there; what was known of other content at its path is forgotten. */
  async add(file: FileState, facts: Facts, db: Database = this.#db): Promise<void> {
    const known = await this.look(file, db);
    await this.replace(file, { ...known, ...facts }, db);
  }

  async forget(path: string, db: Database = this.#db): Promise<void> {
    await db.deleteFrom("file_facts").where("path", "=", path).execute();
  }

  async look(file: FileState, db: Database = this.#db): Promise<FileFactsRow | undefined> {
    const row = await db.selectFrom("file_facts").selectAll().where("path", "=", file.path).executeTakeFirst();
    return row && isOf(row, file) ? row : undefined;
  }

  /** The file with what is known of it. */
  async merge(file: StoredFile): Promise<StoredFile> {
    return withFacts(file, await this.look(file));
  }

  /** The same of many files. */
  async mergeAll(files: readonly StoredFile[]): Promise<readonly StoredFile[]> {
    const known = await this.lookAll(files);
    return files.map((file) => withFacts(file, known.get(file.path)));
  }

  /** What is known of many files, by their paths. */
  async lookAll(files: readonly FileState[], db: Database = this.#db): Promise<ReadonlyMap<string, FileFactsRow>> {
    if (files.length === 0) return new Map();
    const states = new Map(files.map((file) => [file.path, file]));
    const rows = await db
      .selectFrom("file_facts")
      .selectAll()
      .where("path", "in", [...states.keys()])
      .execute();
    const current = rows.filter((row) => {
      const file = states.get(row.path);
      return file !== undefined && isOf(row, file);
    });
    return new Map(current.map((row) => [row.path, row]));
  }

  /** Note the CRC-32s of files that were packed, but not where other content is known at the path: it may be newer. */
  async notePacked(files: readonly (FileState & { readonly crc32: string })[]): Promise<void> {
    if (files.length === 0) return;
    const rows = files.map(({ path, etag, size, crc32 }) => ({ ...noFacts, path, etag, size, packed_crc32: crc32 }));
    const insert = this.#db.insertInto("file_facts").values(rows);
    await insert
      .onConflict((clash) =>
        clash
          .column("path")
          .doUpdateSet((row) => ({ packed_crc32: row.ref("excluded.packed_crc32") }))
          .whereRef("file_facts.etag", "=", "excluded.etag")
          .whereRef("file_facts.size", "=", "excluded.size"),
      )
      .execute();
  }
}

/** The facts alone, without what they are of. */
export function factsIn(row: FileFactsRow | undefined): Facts {
  if (row === undefined) return {};
  const { path: _path, etag: _etag, size: _size, ...facts } = row;
  return facts;
}

function isOf(row: FileFactsRow, { etag, size }: FileState): boolean {
  return row.etag === etag && row.size === size;
}

function withFacts(file: StoredFile, facts: FileFactsRow | undefined): StoredFile {
  if (facts === undefined) return file;
  const crc64 = file.crc64 ?? facts.crc64 ?? undefined;
  return { ...file, crc64, modified: facts.modified === null ? file.modified : new Date(facts.modified) };
}
