import type { FileEvents } from "../catalogue/file-events.ts";
import type { Database } from "../database/database.ts";
import type { ArrivalRow, UploadRow } from "../database/tables/uploads.ts";

/** An upload that came through the gateway, as the ledger has it. */
export type ArrivalRecord = Omit<UploadRow, "part_size"> & ArrivalRow;

/** The part of the ledger that is the gateway's: uploads without a fixed plan, and what their owners see of them. */
export class ArrivalLedger {
  readonly #db: Database;
  readonly #events: FileEvents;

  constructor(db: Database, events: FileEvents) {
    this.#db = db;
    this.#events = events;
  }

  async insert(upload: UploadRow, arrival: ArrivalRow): Promise<void> {
    await this.#events.record(async (tx, report) => {
      await tx.insertInto("uploads").values(upload).execute();
      await tx.insertInto("arrivals").values(arrival).execute();
      const { id, owner, path } = upload;
      await report({ kind: "begun", entry: "file", path, by: { account: owner, door: arrival.door }, upload: id });
    });
  }

  get(id: string): Promise<ArrivalRow | undefined> {
    return this.#db.selectFrom("arrivals").selectAll().where("upload", "=", id).executeTakeFirst();
  }

  /** The newest that `owner` calls `name`. */
  find(owner: string, name: string): Promise<ArrivalRecord | undefined> {
    return this.#records()
      .where("uploads.owner", "=", owner)
      .where("arrivals.name", "=", name)
      .orderBy("uploads.created", "desc")
      .executeTakeFirst();
  }

  /** All of `owner` whose names begin with `prefix`. */
  async listBelow(owner: string, prefix: string): Promise<ArrivalRecord[]> {
    const rows = await this.#records().where("uploads.owner", "=", owner).orderBy("uploads.created").execute();
    return rows.filter(({ name }) => name.startsWith(prefix));
  }

  /** Those that have waited for their final names since before `moment`. */
  listFinished(moment: number): Promise<ArrivalRecord[]> {
    return this.#records().where("arrivals.finished", "<=", moment).limit(1000).execute();
  }

  async update(id: string, change: Partial<Pick<ArrivalRow, "durable" | "tail" | "finished" | "edit">>): Promise<void> {
    await this.#db.updateTable("arrivals").set(change).where("upload", "=", id).execute();
  }

  /** Strike out the parts after the first `count`: they are to be written anew, and perhaps end elsewhere. */
  async forgetParts(id: string, count: number): Promise<void> {
    await this.#db.deleteFrom("part_digests").where("upload", "=", id).where("number", ">", count).execute();
  }

  /** Strike out one part: it is about to be put again with other bytes. */
  async forgetPart(id: string, number: number): Promise<void> {
    await this.#db.deleteFrom("part_digests").where("upload", "=", id).where("number", "=", number).execute();
  }

  async setModified(id: string, modified: Date): Promise<void> {
    await this.#db.updateTable("uploads").set({ modified: modified.toISOString() }).where("id", "=", id).execute();
  }

  /** What its owner sees. Changes to a finished file are not: until they are whole, the file stays as it was. */
  #records() {
    return this.#db
      .selectFrom("uploads")
      .innerJoin("arrivals", "arrivals.upload", "uploads.id")
      .selectAll("uploads")
      .selectAll("arrivals")
      .where("arrivals.edit", "=", 0)
      .where("uploads.state", "=", "open");
  }
}
