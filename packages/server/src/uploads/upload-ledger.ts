import { type PartDigest, type Receipt, type StoredFile, toWireFile, type WirePartDigest } from "@naru/core";
import type { FileEvents, NewFileEvent } from "../catalogue/file-events.ts";
import type { Database } from "../database/database.ts";
import type { PartDigestRow, UploadRow } from "../database/tables/uploads.ts";
import { ArrivalLedger } from "./arrival-ledger.ts";

const rememberMs = 24 * 60 * 60 * 1000;

/** The record of uploads: who makes which, who holds the lease, what was seen of the parts. */
export class UploadLedger {
  readonly arrivals: ArrivalLedger;
  readonly #db: Database;
  readonly #events: FileEvents;
  readonly #now: () => number;

  constructor(db: Database, { events, now }: { readonly events: FileEvents; readonly now: () => number }) {
    this.#db = db;
    this.#events = events;
    this.#now = now;
    this.arrivals = new ArrivalLedger(db, events);
  }

  /** Note an upload that was begun. */
  async insert(row: UploadRow, door: string): Promise<void> {
    await this.#events.record(async (db, report) => {
      await db.insertInto("uploads").values(row).execute();
      await report(begunEvent(row, door));
    });
  }

  get(id: string): Promise<UploadRow | undefined> {
    return this.#db.selectFrom("uploads").selectAll().where("id", "=", id).executeTakeFirst();
  }

  listOpen(owner: string, now: number): Promise<UploadRow[]> {
    return this.#db
      .selectFrom("uploads")
      .selectAll()
      .where("owner", "=", owner)
      .where("state", "=", "open")
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

  /** Whether an upload of `owner` is on its way to a path that begins with `prefix`. */
  async isAwaitedBelow(owner: string, prefix: string): Promise<boolean> {
    const uploads = await this.listOpen(owner, this.#now());
    if (uploads.some(({ path }) => path.startsWith(prefix))) return true;
    return (await this.arrivals.listBelow(owner, prefix)).length > 0;
  }

  /** Whether any upload is the one that its store calls `storeId`. */
  async knows(storeId: string): Promise<boolean> {
    const row = await this.#db.selectFrom("uploads").select("id").where("store_id", "=", storeId).executeTakeFirst();
    if (row !== undefined) return true;
    const moves = this.#db.selectFrom("folder_move_paths").select("path").where("upload", "=", storeId);
    return (await moves.executeTakeFirst()) !== undefined;
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

  /** The upload has become this file: for a day, completing it again gives the same answer. */
  async noteArrived(id: string, file: StoredFile, db: Database): Promise<void> {
    const row = await db
      .selectFrom("uploads")
      .select(["kind", "size", "state"])
      .where("id", "=", id)
      .executeTakeFirst();
    const isAskedAgain = row?.state === "open" && row.kind === "planned";
    const expires = this.#now() + (isAskedAgain ? rememberMs : 0);
    const change = {
      state: "complete",
      file: JSON.stringify(toWireFile(file)),
      expires,
      confirmed: row?.size ?? 0,
    } as const;
    await db.updateTable("uploads").set(change).where("id", "=", id).execute();
  }

  /** Strike an upload out; one that has not become a file has failed. */
  async remove(id: string): Promise<void> {
    await this.#events.record(async (db, report) => {
      const row = await db.selectFrom("uploads").selectAll().where("id", "=", id).executeTakeFirst();
      if (!row) return;
      const arrival = await db.selectFrom("arrivals").select("door").where("upload", "=", id).executeTakeFirst();
      await this.forget(id, db);
      if (row.state === "complete") return;
      await report({ ...begunEvent(row, arrival?.door ?? "http"), kind: "failed" });
    });
  }

  /** Strike an upload out that another one is begun for. */
  async forget(id: string, db: Database = this.#db): Promise<void> {
    // Also its parts and what it is as an arrival.
    await db.deleteFrom("uploads").where("id", "=", id).execute();
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
      crc32: null,
    }));
    await this.#db
      .insertInto("part_digests")
      .values(rows)
      .onConflict((clash) =>
        clash.columns(["upload", "number"]).doUpdateSet((set) => ({
          md5: set.ref("excluded.md5"),
          crc64: set.ref("excluded.crc64"),
          crc32: null,
        })),
      )
      .execute();
  }

  /** Note a part that went through this server. */
  async noteReceipt(
    id: string,
    receipt: Receipt,
    digest: (Partial<PartDigest> & { readonly crc32?: string | undefined }) | undefined,
  ): Promise<void> {
    const number = receipt.part.number;
    await this.#db.transaction().execute(async (tx) => {
      const before = await tx
        .selectFrom("part_digests")
        .select("etag")
        .where("upload", "=", id)
        .where("number", "=", number)
        .executeTakeFirst();
      const row = {
        md5: digest?.md5 ?? null,
        crc64: digest?.crc64 ?? null,
        etag: receipt.etag,
        crc32: digest?.crc32 ?? null,
      };
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
}

function begunEvent({ id, owner, path }: UploadRow, door: string): NewFileEvent {
  return { kind: "begun", entry: "file", path, by: { account: owner, door }, upload: id };
}
