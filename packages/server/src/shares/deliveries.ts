import { type CreateUpload, type DeliveredFile, decodeWireFile, type StoredFile, toStoredFile } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { ShareFileRow, ShareRow } from "../database/tables/shares.ts";
import type { Locks } from "../locks/locks.ts";
import { checkAllowed, type Room } from "./allowed-files.ts";

export interface Sender {
  readonly share: ShareRow;
  readonly guest: string;
  readonly address: string;
}

/** What guests send in by links: how much room is left, what has arrived. */
export class Deliveries {
  readonly #db: Database;
  readonly #locks: Locks;
  readonly #now: () => number;

  constructor(db: Database, { locks, now }: { readonly locks: Locks; readonly now: () => number }) {
    this.#db = db;
    this.#locks = locks;
    this.#now = now;
  }

  /**
   * Let an upload be made if the link allows it, and keep its room. Two that come at once do not get the same room.
   *
   * @throws {TransferError} `forbidden` for its type; `too-large`; `no-space` when the link takes no more
   */
  admit<U extends { readonly id: string; readonly path: string }>(
    { share, guest, address }: Sender,
    wish: CreateUpload,
    make: () => Promise<U>,
  ): Promise<U> {
    return this.#locks.run(`share ${share.id}`, async () => {
      checkAllowed(share, wish, await this.room(share));
      const made = await make();
      const row: ShareFileRow = {
        upload: made.id,
        share: share.id,
        guest,
        path: made.path,
        size: wish.size,
        crc64: null,
        etag: null,
        address,
        begun: this.#now(),
        arrived: null,
      };
      await this.#db.insertInto("share_files").values(row).execute();
      return made;
    });
  }

  /** What a link still takes. */
  async room({ id, max_bytes, max_files }: ShareRow): Promise<Room> {
    const used = await this.#db
      .selectFrom("share_files")
      .select((of) => [of.fn.countAll<number>().as("files"), of.fn.sum<number | null>("size").as("bytes")])
      .where("share", "=", id)
      .executeTakeFirstOrThrow();
    return {
      bytes: max_bytes === null ? undefined : Math.max(0, max_bytes - (used.bytes ?? 0)),
      files: max_files === null ? undefined : Math.max(0, max_files - used.files),
    };
  }

  /** It is whole and verified. */
  async arrived(upload: string, { path, size, crc64, etag }: StoredFile): Promise<void> {
    await this.#db
      .updateTable("share_files")
      .set({ path, size, crc64: crc64 ?? null, etag, arrived: this.#now() })
      .where("upload", "=", upload)
      .where("arrived", "is", null)
      .execute();
  }

  /** It will not come, unless it has become a file and that is still to be noted; its room is free. */
  async dropped(upload: string): Promise<void> {
    const known = this.#db.selectFrom("uploads").select("id").where("id", "=", upload);
    await this.#db
      .deleteFrom("share_files")
      .where("upload", "=", upload)
      .where("arrived", "is", null)
      .where(({ exists, not }) => not(exists(known)))
      .execute();
  }

  /** What a guest has sent, as they may keep it. */
  async receipt({ guest, share }: Pick<Sender, "share" | "guest">, folder: string): Promise<readonly DeliveredFile[]> {
    const rows = await this.#db
      .selectFrom("share_files")
      .selectAll()
      .where("share", "=", share.id)
      .where("guest", "=", guest)
      .where("arrived", "is not", null)
      .orderBy("arrived")
      .execute();
    return rows.map(({ path, size, crc64, etag, arrived }) => ({
      path: path.startsWith(folder) ? path.slice(folder.length) : path,
      size,
      crc64: crc64 ?? undefined,
      etag: etag ?? "",
      arrived: new Date(arrived ?? 0).toISOString(),
    }));
  }

  /** Note what became of uploads whose answer nobody has heard, and free the room of those that expired. */
  async reap(): Promise<void> {
    const open = await this.#db
      .selectFrom("share_files")
      .leftJoin("uploads", "uploads.id", "share_files.upload")
      .select(["share_files.upload", "uploads.state", "uploads.file"])
      .where("share_files.arrived", "is", null)
      .where("share_files.begun", "<", this.#now() - graceMs)
      .execute();
    for (const { upload, state, file } of open) {
      if (state === null) await this.dropped(upload);
      else if (state === "complete" && file !== null) {
        await this.arrived(upload, toStoredFile(decodeWireFile(JSON.parse(file))));
      }
    }
  }
}

/** One that is just being made is in one table before it is in the other. */
const graceMs = 60_000;
