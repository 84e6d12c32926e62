import type { ShareLogEntry as Entry } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { ShareRow } from "../database/tables/shares.ts";

const mostEntries = 1000;

/** Who took and sent what by a link. */
export class ShareLog {
  readonly #db: Database;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The newest first. */
  async of(share: ShareRow): Promise<readonly Entry[]> {
    const all = [...(await this.#taken(share)), ...(await this.#sent(share))];
    return all.sort((one, other) => other.at.localeCompare(one.at)).slice(0, mostEntries);
  }

  async #taken({ id }: ShareRow): Promise<readonly Entry[]> {
    const rows = await this.#db
      .selectFrom("share_downloads")
      .leftJoin("share_guests", "share_guests.id", "share_downloads.guest")
      .select(["path", "size", "bytes", "address", "begun", "ended", "share_guests.name", "share_guests.email"])
      .where("share_downloads.share", "=", id)
      .orderBy("share_downloads.id", "desc")
      .limit(mostEntries)
      .execute();
    return rows.map(({ path, size, bytes, address, begun, ended, name, email }) => ({
      what: "took",
      path,
      size,
      bytes,
      at: new Date(begun).toISOString(),
      ended: ended === null ? undefined : new Date(ended).toISOString(),
      guest: name ?? "",
      email: email ?? "",
      address,
    }));
  }

  async #sent({ id, path: shared }: ShareRow): Promise<readonly Entry[]> {
    const rows = await this.#db
      .selectFrom("share_files")
      .leftJoin("share_guests", "share_guests.id", "share_files.guest")
      .select(["path", "size", "address", "begun", "arrived", "share_guests.name", "share_guests.email"])
      .where("share_files.share", "=", id)
      .orderBy("begun", "desc")
      .limit(mostEntries)
      .execute();
    return rows.map(({ path, size, address, begun, arrived, name, email }) => ({
      what: "sent",
      path: path.startsWith(shared) ? path.slice(shared.length) : path,
      size,
      bytes: arrived === null ? 0 : size,
      at: new Date(begun).toISOString(),
      ended: arrived === null ? undefined : new Date(arrived).toISOString(),
      guest: name ?? "",
      email: email ?? "",
      address,
    }));
  }
}
