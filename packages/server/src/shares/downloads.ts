import { TransferError } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { ShareDownloadRow, ShareRow } from "../database/tables/shares.ts";
import type { Locks } from "../locks/locks.ts";

/** What a guest asks for. */
export interface Taking {
  readonly share: ShareRow;
  readonly guest: string;
  readonly address: string;
  /** Below what is shared; of an archive, what it is of. */
  readonly path: string;
  readonly etag: string;
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

/** Counts the bytes of one answer. */
export interface Counter {
  /** The answer has ended, whole or not, after so many bytes. */
  ended(bytes: number): Promise<void>;
}

/** What is asked for again after this long is a new download. */
const windowMs = 24 * 60 * 60_000;

/**
 * Counts downloads by guest: one who begins counts one, for whatever they take of the link, and may resume, in as many
 * ranges as they like. Taking the same file again from its beginning, once it was sent whole, is another download.
 */
export class Downloads {
  readonly #db: Database;
  readonly #locks: Locks;
  readonly #now: () => number;
  /** Bytes that answers under way may still send, by row: many answers at once are no way around the limit. */
  readonly #promised = new Map<number, number>();
  /** How to stop the answers of each link that are under way. */
  readonly #running = new Map<string, Set<() => void>>();

  constructor(db: Database, { locks, now }: { readonly locks: Locks; readonly now: () => number }) {
    this.#db = db;
    this.#locks = locks;
    this.#now = now;
  }

  /**
   * Note what is about to be sent; `stop` ends it when the link is stopped.
   *
   * @throws {TransferError} `forbidden` when the link has been taken as often as it may be
   */
  async begin(taking: Taking, stop: () => void): Promise<Counter> {
    const { share, start, end } = taking;
    const promised = end - start;
    // Before the next one is looked at.
    const id = await this.#locks.run(`share ${share.id}`, async () => {
      const row = await this.#row(taking);
      this.#promised.set(row, (this.#promised.get(row) ?? 0) + promised);
      return row;
    });
    const running = this.#running.get(share.id) ?? new Set();
    this.#running.set(share.id, running.add(stop));
    return {
      ended: async (bytes) => {
        running.delete(stop);
        if (running.size === 0 && this.#running.get(share.id) === running) this.#running.delete(share.id);
        await this.#ended(id, promised, bytes);
      },
    };
  }

  /** End what is being sent by a link. */
  stop(share: string): void {
    for (const stop of [...(this.#running.get(share) ?? [])]) stop();
  }

  /** End what is being sent by links that were stopped elsewhere, or went with their owner. */
  async reap(): Promise<void> {
    for (const share of [...this.#running.keys()]) {
      const row = await this.#db.selectFrom("shares").select("revoked").where("id", "=", share).executeTakeFirst();
      if (!row || row.revoked !== null) this.stop(share);
    }
  }

  /** Whether a guest who has begun may go on, or one who has not may begin. */
  async mayBegin(share: ShareRow, guest: string): Promise<boolean> {
    if (share.max_downloads === null || share.downloads < share.max_downloads) return true;
    return (await this.#rows(share.id, guest)).length > 0;
  }

  async #row(taking: Taking): Promise<number> {
    const rows = await this.#rows(taking.share.id, taking.guest);
    const current = rows[0]?.taking;
    const same = rows.find(
      ({ taking: number, path, etag }) => number === current && path === taking.path && etag === taking.etag,
    );
    if (current !== undefined && same === undefined) return this.#insert(taking, current);
    if (same && this.#isRest(same, taking.start)) return same.id;
    await this.#count(taking.share);
    return this.#insert(taking, (current ?? 0) + 1);
  }

  #isRest({ id, bytes, size }: ShareDownloadRow, start: number): boolean {
    if (start === 0 && bytes >= size) return false;
    return bytes + (this.#promised.get(id) ?? 0) < 2 * size;
  }

  #rows(share: string, guest: string): Promise<ShareDownloadRow[]> {
    return this.#db
      .selectFrom("share_downloads")
      .selectAll()
      .where("share", "=", share)
      .where("guest", "=", guest)
      .where((row) => row.or([row("begun", ">", this.#now() - windowMs), row("ended", ">", this.#now() - windowMs)]))
      .orderBy("taking", "desc")
      .orderBy("id", "desc")
      .execute();
  }

  async #count({ id }: ShareRow): Promise<void> {
    const counted = await this.#db
      .updateTable("shares")
      .set((set) => ({ downloads: set("downloads", "+", 1) }))
      .where("id", "=", id)
      .where((row) => row.or([row("max_downloads", "is", null), row("downloads", "<", row.ref("max_downloads"))]))
      .executeTakeFirst();
    if (counted.numUpdatedRows === 1n) return;
    throw new TransferError("forbidden", "Cannot download: the link has been used as often as it may be");
  }

  async #insert({ share, guest, address, path, etag, size }: Taking, taking: number): Promise<number> {
    const row = {
      share: share.id,
      guest,
      taking,
      path,
      etag,
      size,
      bytes: 0,
      address,
      begun: this.#now(),
      ended: null,
    };
    const made = this.#db.insertInto("share_downloads").values(row).returning("id");
    return (await made.executeTakeFirstOrThrow()).id;
  }

  async #ended(id: number, promised: number, sent: number): Promise<void> {
    await this.#db
      .updateTable("share_downloads")
      .set((set) => ({ bytes: set("bytes", "+", sent), ended: this.#now() }))
      .where("id", "=", id)
      .execute();
    const left = (this.#promised.get(id) ?? 0) - promised;
    if (left > 0) this.#promised.set(id, left);
    else this.#promised.delete(id);
  }
}
