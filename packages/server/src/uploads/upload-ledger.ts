import type { PartDigest, Receipt, StoredFile, WirePartDigest } from "@naru/core";
import { FileFactsLedger } from "../catalogue/file-facts.ts";
import { FolderMoveLedger } from "../catalogue/folder-move-ledger.ts";
import { PathLock } from "../catalogue/path-lock.ts";
import type { Database } from "../database/database.ts";
import type { PartDigestRow, UploadRow } from "../database/tables/uploads.ts";
import { ArrivalLedger } from "./arrival-ledger.ts";

const open = ["open", "completing"] as const;

/** Whose file has appeared where. */
export interface Published {
  readonly owner: string;
  readonly path: string;
}

/** The record of uploads: who makes which, who holds the lease, what was seen of the parts. */
export class UploadLedger {
  readonly arrivals: ArrivalLedger;
  readonly facts: FileFactsLedger;
  readonly folderMoves: FolderMoveLedger;
  /** Held by whoever makes a file appear, move or go: one process owns the ledger, and all doors share it. */
  readonly paths: PathLock = new PathLock();
  readonly #db: Database;
  readonly #watchers = new Set<(id: string) => void>();
  readonly #publishWatchers = new Set<(published: Published) => void>();

  constructor(db: Database) {
    this.#db = db;
    this.arrivals = new ArrivalLedger(db);
    this.facts = new FileFactsLedger(db);
    this.folderMoves = new FolderMoveLedger(db);
  }

  /** Tell `watcher` of every upload that is removed, until what is returned is called. */
  onRemoved(watcher: (id: string) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Tell `watcher` of every file that appears over HTTP, until what is returned is called. */
  onPublished(watcher: (published: Published) => void): () => void {
    this.#publishWatchers.add(watcher);
    return () => this.#publishWatchers.delete(watcher);
  }

  /** Note a file of `owner` that has appeared over HTTP. */
  async notePublished(file: StoredFile, owner: string): Promise<void> {
    await this.rememberChecksum(file);
    for (const watcher of this.#publishWatchers) watcher({ owner, path: file.path });
  }

  async insert(rows: readonly UploadRow[]): Promise<void> {
    if (rows.length > 0) await this.#db.insertInto("uploads").values(rows).execute();
  }

  get(id: string): Promise<UploadRow | undefined> {
    return this.#db.selectFrom("uploads").selectAll().where("id", "=", id).executeTakeFirst();
  }

  listOpen(owner: string, now: number): Promise<UploadRow[]> {
    return this.#db
      .selectFrom("uploads")
      .selectAll()
      .where("owner", "=", owner)
      .where("state", "in", open)
      .where("expires", ">", now)
      .orderBy("created")
      .execute();
  }

  /** Whether an unfinished upload is on its way to `path`. */
  async isAwaited(path: string): Promise<boolean> {
    const row = await this.#db
      .selectFrom("uploads")
      .select("id")
      .where("path", "=", path)
      .where("state", "!=", "complete")
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Whether any upload is the one that its store calls `storeId`. */
  async knows(storeId: string): Promise<boolean> {
    const row = await this.#db.selectFrom("uploads").select("id").where("store_id", "=", storeId).executeTakeFirst();
    return row !== undefined;
  }

  listExpired(now: number): Promise<UploadRow[]> {
    return this.#db.selectFrom("uploads").selectAll().where("expires", "<=", now).limit(1000).execute();
  }

  /** Whole bodies that an earlier process was writing when it ended: nobody can go on with them. */
  listPiped(): Promise<UploadRow[]> {
    return this.#db.selectFrom("uploads").selectAll().where("state", "=", "piped").execute();
  }

  /** Give the lease to a newcomer: the epoch from now on. */
  async takeLease(id: string, expires: number): Promise<number> {
    const row = await this.#db
      .updateTable("uploads")
      .set((set) => ({ epoch: set("epoch", "+", 1), expires }))
      .where("id", "=", id)
      .returning("epoch")
      .executeTakeFirstOrThrow();
    return row.epoch;
  }

  async update(
    id: string,
    change: Partial<Pick<UploadRow, "state" | "file" | "expires" | "confirmed">>,
  ): Promise<void> {
    await this.#db.updateTable("uploads").set(change).where("id", "=", id).execute();
  }

  async remove(id: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom("part_digests").where("upload", "=", id).execute();
      await tx.deleteFrom("uploads").where("id", "=", id).execute();
    });
    for (const watcher of this.#watchers) watcher(id);
  }

  /** Keep what the sender says its parts are; the last word counts. */
  async noteDigests(id: string, parts: readonly WirePartDigest[]): Promise<void> {
    if (parts.length === 0) return;
    const rows = parts.map(({ number, md5 = null, crc64 = null }) => ({
      upload: id,
      number,
      md5,
      crc64,
      etag: null,
    }));
    await this.#db
      .insertInto("part_digests")
      .values(rows)
      .onConflict((clash) =>
        clash.columns(["upload", "number"]).doUpdateSet((set) => ({
          md5: set.ref("excluded.md5"),
          crc64: set.ref("excluded.crc64"),
        })),
      )
      .execute();
  }

  /** Note a part that went through this server. */
  async noteReceipt(id: string, receipt: Receipt, digest: Partial<PartDigest> | undefined): Promise<void> {
    const number = receipt.part.number;
    await this.#db.transaction().execute(async (tx) => {
      const before = await tx
        .selectFrom("part_digests")
        .select("etag")
        .where("upload", "=", id)
        .where("number", "=", number)
        .executeTakeFirst();
      const row = { md5: digest?.md5 ?? null, crc64: digest?.crc64 ?? null, etag: receipt.etag };
      await tx
        .insertInto("part_digests")
        .values({ upload: id, number, ...row })
        .onConflict((clash) => clash.columns(["upload", "number"]).doUpdateSet(row))
        .execute();
      if (before?.etag) return;
      await tx
        .updateTable("uploads")
        .set((set) => ({ confirmed: set("confirmed", "+", receipt.part.size) }))
        .where("id", "=", id)
        .execute();
    });
  }

  listDigests(id: string): Promise<PartDigestRow[]> {
    return this.#db.selectFrom("part_digests").selectAll().where("upload", "=", id).orderBy("number").execute();
  }

  /** Remember the checksum of a file, for stores that do not keep one. */
  async rememberChecksum({ path, etag, size, crc64 }: StoredFile): Promise<void> {
    if (crc64 === undefined) return;
    await this.#db
      .insertInto("file_checksums")
      .values({ path, etag, size, crc64 })
      .onConflict((clash) => clash.column("path").doUpdateSet({ etag, size, crc64 }))
      .execute();
  }

  /** The same file, with its checksum when it is known and the content is still the one it was taken of. */
  async withChecksum(file: StoredFile): Promise<StoredFile> {
    if (file.crc64 !== undefined) return file;
    const row = await this.#db
      .selectFrom("file_checksums")
      .select(["etag", "size", "crc64"])
      .where("path", "=", file.path)
      .executeTakeFirst();
    return row?.etag === file.etag && row.size === file.size ? { ...file, crc64: row.crc64 } : file;
  }

  async forgetChecksum(path: string): Promise<void> {
    await this.#db.deleteFrom("file_checksums").where("path", "=", path).execute();
  }
}
