import type { Database } from "../database/database.ts";
import type { BinItemRow } from "../database/tables/files.ts";
import { binnedPath } from "./bin-path.ts";
import type { Caller } from "./file-events.ts";

/** Something in the bin. */
export type BinItem = BinItemRow;

/** The folder of a store, and for how many days its bin keeps things; 0 where there is none. */
export interface BinRule {
  readonly prefix: string;
  readonly days: number;
}

interface Moved {
  readonly entry: "file" | "folder";
  readonly from: string;
  readonly path: string;
  readonly by: Caller;
  readonly size: number;
}

export interface BinPageOptions {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

const dayMs = 24 * 60 * 60_000;

/**
 * The record of what is in the bin. An item is noted in the transaction that notes the move there, and struck out in that
 * of the move back; so it is right after a crash, too, when the journals of moves are.
 */
export class BinItems {
  readonly rules: readonly BinRule[];
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, { now, rules }: { readonly now: () => number; readonly rules: readonly BinRule[] }) {
    this.#db = db;
    this.#now = now;
    this.rules = rules.toSorted((one, other) => other.prefix.length - one.prefix.length);
  }

  /** The rule that holds for a path. */
  ruleOf(path: string): BinRule {
    const name = path.normalize("NFC");
    return this.rules.find(({ prefix }) => name.startsWith(prefix)) ?? { prefix: "", days: 0 };
  }

  /** Note a folder that begins to be moved into the bin. */
  async noteBegun(folder: Omit<Moved, "size" | "entry">, db: Database): Promise<void> {
    const to = binnedPath(folder.path);
    if (to?.isItem) await this.#insert(to.id, { ...folder, entry: "folder", size: 0 }, db);
  }

  /** Note what was moved, if the bin has to do with it. */
  async noteMoved(moved: Moved, db: Database): Promise<void> {
    const [to, from] = [binnedPath(moved.path), binnedPath(moved.from)];
    if (to && !to.isItem) await this.#count(to.id, moved.size, 1, db);
    if (to?.isItem && moved.entry === "file") await this.#insert(to.id, moved, db);
    if (from && !from.isItem) await this.#count(from.id, -moved.size, -1, db);
    if (from?.isItem) await this.strike(from.id, db);
  }

  async strike(id: string, db: Database = this.#db): Promise<void> {
    await db.deleteFrom("bin_items").where("id", "=", id).execute();
  }

  /** An item that has not expired. */
  find(id: string): Promise<BinItemRow | undefined> {
    const rows = this.#db.selectFrom("bin_items").selectAll().where("id", "=", id);
    return rows.where("expires", ">", this.#now()).executeTakeFirst();
  }

  /** Keep an item for a day at least; `undefined` for one that has expired, however late it is removed. */
  keep(id: string): Promise<BinItemRow | undefined> {
    const now = this.#now();
    return this.#db
      .updateTable("bin_items")
      .set((row) => ({
        expires: row
          .case()
          .when("expires", ">", now + dayMs)
          .then(row.ref("expires"))
          .else(now + dayMs)
          .end(),
      }))
      .where("id", "=", id)
      .where("expires", ">", now)
      .returningAll()
      .executeTakeFirst();
  }

  /** A page of what has not expired, the last removed first; and where the next one begins. */
  async list({
    cursor,
    limit,
  }: BinPageOptions): Promise<{ readonly items: BinItemRow[]; readonly cursor?: string | undefined }> {
    const rows = this.#db.selectFrom("bin_items").selectAll().where("expires", ">", this.#now());
    const [, time = "", id = ""] = /^(\d{1,15})\.([0-9a-f]{20})$/u.exec(cursor ?? "") ?? [];
    const later = rows.where((row) =>
      row.or([row("removed", "<", Number(time)), row.and([row("removed", "=", Number(time)), row("id", "<", id)])]),
    );
    const page = await (time === "" ? rows : later)
      .orderBy("removed", "desc")
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    const items = page.slice(0, limit);
    const last = items.at(-1);
    return { items, cursor: page.length > limit && last ? `${last.removed}.${last.id}` : undefined };
  }

  /** Those that are to be removed for good. */
  expired(limit: number): Promise<BinItemRow[]> {
    const rows = this.#db.selectFrom("bin_items").selectAll().where("expires", "<=", this.#now());
    return rows.orderBy("expires").limit(limit).execute();
  }

  /** Let an item expire now. */
  async expire(id: string): Promise<void> {
    await this.#db.updateTable("bin_items").set({ expires: this.#now() }).where("id", "=", id).execute();
  }

  async #insert(id: string, { by, entry, from, path: place, size }: Moved, db: Database): Promise<void> {
    const removed = this.#now();
    const { days } = this.ruleOf(from);
    const row: BinItemRow = {
      id,
      place,
      path: from,
      entry,
      size,
      files: entry === "file" ? 1 : 0,
      account: by.account,
      door: by.door,
      removed,
      // Where the bin was switched off meanwhile it is as for those that are there: kept for a day.
      expires: removed + Math.max(1, days) * dayMs,
    };
    await db.insertInto("bin_items").values(row).execute();
  }

  async #count(id: string, size: number, files: number, db: Database): Promise<void> {
    await db
      .updateTable("bin_items")
      .set((row) => ({ size: row("size", "+", size), files: row("files", "+", files) }))
      .where("id", "=", id)
      .execute();
  }
}
