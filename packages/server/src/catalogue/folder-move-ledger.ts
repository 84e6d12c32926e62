import { randomUUID } from "node:crypto";
import type { BegunCopy } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { FolderMoveRow } from "../database/tables/folder-moves.ts";

/** So many rows go into one statement. */
const rowsAtOnce = 1000;

/**
 * The journal of folders that are being renamed or copied: what is left to do of each, so that a later process can do it. A path
 * that ends with `/` is a folder's.
 */
export class FolderMoveLedger {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Note a rename and all that it has to move, in one go; what is known of failed ones of the same names is forgotten. */
  async begin(
    { account, copies, door, replaces, source, target }: Omit<FolderMoveRow, "id" | "begun" | "state">,
    paths: readonly string[],
    { now, note }: { readonly now: number; readonly note: (db: Database) => Promise<void> },
  ): Promise<string> {
    const id = randomUUID();
    await this.#db.transaction().execute(async (tx) => {
      const failed = tx.deleteFrom("folder_moves").where("state", "=", "failed");
      await failed.where((row) => row.or([row("source", "=", source), row("target", "=", target)])).execute();
      await tx
        .insertInto("folder_moves")
        .values({ id, source, target, begun: now, state: "open", copies, account, door, replaces })
        .execute();
      await note(tx);
      for (let at = 0; at < paths.length; at += rowsAtOnce) {
        const rows = paths.slice(at, at + rowsAtOnce).map((path) => ({ move: id, path, upload: null, etag: null }));
        await tx.insertInto("folder_move_paths").values(rows).execute();
      }
    });
    return id;
  }

  /** Find the rename or copy of these names, open or failed. */
  find({
    copies,
    source,
    target,
  }: Pick<FolderMoveRow, "source" | "target" | "copies">): Promise<FolderMoveRow | undefined> {
    const rows = this.#db.selectFrom("folder_moves").selectAll().where("copies", "=", copies);
    return rows.where("source", "=", source).where("target", "=", target).executeTakeFirst();
  }

  /** List those that a process began and did not end. */
  listOpen(): Promise<FolderMoveRow[]> {
    return this.#db.selectFrom("folder_moves").selectAll().where("state", "=", "open").orderBy("begun").execute();
  }

  /** What is left to move. */
  async paths(id: string): Promise<string[]> {
    const rows = this.#db.selectFrom("folder_move_paths").select("path").where("move", "=", id);
    return (await rows.orderBy("path").execute()).map(({ path }) => path);
  }

  /** What was begun of large files by an earlier run, by path. */
  async begun(id: string): Promise<ReadonlyMap<string, BegunCopy>> {
    const rows = this.#db.selectFrom("folder_move_paths").select(["path", "upload", "etag"]).where("move", "=", id);
    const begun = await rows.where("upload", "is not", null).execute();
    return new Map(begun.map(({ etag, path, upload }) => [path, { upload: upload ?? "", etag: etag ?? "" }]));
  }

  async noteBegun(id: string, path: string, { etag, upload }: BegunCopy): Promise<void> {
    await this.#db
      .updateTable("folder_move_paths")
      .set({ upload, etag })
      .where("move", "=", id)
      .where("path", "=", path)
      .execute();
  }

  async strike(id: string, path: string, db: Database = this.#db): Promise<void> {
    await db.deleteFrom("folder_move_paths").where("move", "=", id).where("path", "=", path).execute();
  }

  /** Remember only that it was tried: the same rename may be asked for again although its target is there. */
  async fail(id: string): Promise<void> {
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom("folder_move_paths").where("move", "=", id).execute();
      await tx.updateTable("folder_moves").set({ state: "failed" }).where("id", "=", id).execute();
    });
  }

  async remove(id: string, db: Database = this.#db): Promise<void> {
    await db.deleteFrom("folder_moves").where("id", "=", id).execute();
  }

  async forgetFailed(before: number): Promise<void> {
    await this.#db.deleteFrom("folder_moves").where("state", "=", "failed").where("begun", "<", before).execute();
  }
}
