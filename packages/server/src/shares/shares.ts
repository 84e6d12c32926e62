import { type ChangeShare, type CreateShare, type MadeShare, TransferError, type WireShare } from "@naru/core";
import { hashPassword } from "../accounts/password.ts";
import type { Database } from "../database/database.ts";
import type { ShareRow } from "../database/tables/shares.ts";
import { defaultShareDays, type SharePolicy } from "./share-policy.ts";
import { newId, newSecret, secretHash } from "./share-secret.ts";
import { type Sent, stateOf, wireShareOf } from "./wire-share.ts";

export interface SharesOptions {
  readonly policy: SharePolicy;
  readonly now: () => number;
}

const day = 24 * 60 * 60_000;
/** How long one that has ended, and its log, may still be looked at. */
const keptMs = 90 * day;
const mostOfAnAccount = 1000;

/** Links as their owners see them: made, changed, revoked. The token is told once; here is only its hash. */
export class Shares {
  readonly #db: Database;
  readonly #policy: SharePolicy;
  readonly #now: () => number;

  constructor(db: Database, { policy, now }: SharesOptions) {
    this.#db = db;
    this.#policy = policy;
    this.#now = now;
  }

  /** Make one; its path was looked at. @throws {TransferError} `invalid`; `throttled` for too many */
  async create(wish: CreateShare, owner: string): Promise<MadeShare> {
    const now = this.#now();
    const mine = await this.#db
      .selectFrom("shares")
      .select((of) => of.fn.countAll<number>().as("count"))
      .where("owner", "=", owner)
      .executeTakeFirstOrThrow();
    if (mine.count >= mostOfAnAccount) {
      throw new TransferError("throttled", `Cannot make the link: you have ${mostOfAnAccount}; remove some first`);
    }
    const token = newSecret();
    const row: ShareRow = {
      id: newId(),
      kind: wish.kind,
      hash: secretHash(token),
      owner,
      path: wish.path,
      title: wish.title ?? "",
      note: wish.note ?? "",
      password: wish.password === undefined ? null : await hashPassword(wish.password),
      created: now,
      expires: this.#end(wish.expires),
      revoked: null,
      preview: wish.preview === false ? 0 : 1,
      max_downloads: wish.maxDownloads ?? null,
      downloads: 0,
      max_file_size: wish.maxFileSize ?? null,
      max_bytes: wish.maxBytes ?? null,
      max_files: wish.maxFiles ?? null,
      types: JSON.stringify(wish.types ?? []),
      asks: JSON.stringify(wish.asks ?? []),
      sender_folders: wish.senderFolders === false ? 0 : 1,
    };
    await this.#db.insertInto("shares").values(row).execute();
    return { ...wireShareOf(row, { files: 0, bytes: 0 }, now), token };
  }

  /** The links of an account, also those that have ended. */
  async list(owner: string): Promise<readonly WireShare[]> {
    const rows = this.#db.selectFrom("shares").selectAll().where("owner", "=", owner);
    const sent = await this.#sent(owner);
    return (await rows.orderBy("created", "desc").orderBy("id").execute()).map((row) =>
      wireShareOf(row, sent.get(row.id) ?? nothing, this.#now()),
    );
  }

  /** One of an account. @throws {TransferError} `not-found` */
  async get(id: string, owner: string): Promise<ShareRow> {
    const row = await this.#db
      .selectFrom("shares")
      .selectAll()
      .where("id", "=", id)
      .where("owner", "=", owner)
      .executeTakeFirst();
    if (row) return row;
    throw new TransferError("not-found", `Cannot find the link "${id}": it is not yours, or was removed`);
  }

  /** Change one; with `renew` its new token is told. @throws {TransferError} `not-found`, `invalid`; `conflict` if it is revoked */
  async change(id: string, change: ChangeShare, owner: string): Promise<WireShare | MadeShare> {
    const before = await this.get(id, owner);
    if (before.revoked !== null) throw new TransferError("conflict", `Cannot change the link "${id}": it is revoked`);
    const token = change.renew === true ? newSecret() : undefined;
    const password = typeof change.password === "string" ? await hashPassword(change.password) : change.password;
    const set = defined({
      title: change.title,
      note: change.note,
      password,
      expires: change.expires === undefined ? undefined : this.#end(change.expires),
      max_downloads: change.maxDownloads,
      preview: change.preview === undefined ? undefined : Number(change.preview),
      max_file_size: change.maxFileSize,
      max_bytes: change.maxBytes,
      max_files: change.maxFiles,
      types: change.types && JSON.stringify(change.types),
      asks: change.asks && JSON.stringify(change.asks),
      hash: token === undefined ? undefined : secretHash(token),
    });
    if (Object.keys(set).length > 0) await this.#db.updateTable("shares").set(set).where("id", "=", id).execute();
    const sent = (await this.#sent(owner)).get(id) ?? nothing;
    const share = wireShareOf(await this.get(id, owner), sent, this.#now());
    return token === undefined ? share : { ...share, token };
  }

  /** Stop one; one that has stopped is forgotten with its log. @throws {TransferError} `not-found` */
  async remove(id: string, owner: string): Promise<void> {
    const row = await this.get(id, owner);
    const state = stateOf(row, this.#now());
    if (state === "revoked" || state === "expired") {
      await this.#db.deleteFrom("shares").where("id", "=", id).execute();
      return;
    }
    await this.#db.updateTable("shares").set({ revoked: this.#now() }).where("id", "=", id).execute();
  }

  /** The link of a token, if it has not ended; one that is used up still lets those finish who began. */
  async open(token: string): Promise<ShareRow | undefined> {
    const row = await this.#db
      .selectFrom("shares")
      .selectAll()
      .where("hash", "=", secretHash(token))
      .executeTakeFirst();
    const state = row && stateOf(row, this.#now());
    return state === "open" || state === "used-up" ? row : undefined;
  }

  /** Forget what ended long ago. */
  async reap(): Promise<void> {
    const before = this.#now() - keptMs;
    const ended = this.#db.deleteFrom("shares");
    await ended.where((row) => row.or([row("expires", "<", before), row("revoked", "<", before)])).execute();
  }

  /** When one is to stop. @throws {TransferError} `invalid` for a moment that is over or too far away */
  #end(wanted: string | undefined): number {
    const now = this.#now();
    const { maxDays } = this.#policy;
    if (wanted === undefined) return now + Math.min(defaultShareDays, maxDays) * day;
    const end = Date.parse(wanted);
    // A minute for clocks that do not agree.
    if (end > now && end <= now + maxDays * day + 60_000) return end;
    const why = end > now ? `it may last ${maxDays} days at most` : "its end is over";
    throw new TransferError("invalid", `Cannot make the link last until "${wanted}": ${why}`);
  }

  async #sent(owner: string): Promise<ReadonlyMap<string, Sent>> {
    const rows = await this.#db
      .selectFrom("share_files")
      .innerJoin("shares", "shares.id", "share_files.share")
      .select("share_files.share")
      .select((of) => [of.fn.countAll<number>().as("files"), of.fn.sum<number>("share_files.size").as("bytes")])
      .where("shares.owner", "=", owner)
      .where("share_files.arrived", "is not", null)
      .groupBy("share_files.share")
      .execute();
    return new Map(rows.map(({ share, files, bytes }) => [share, { files, bytes }]));
  }
}

const nothing: Sent = { files: 0, bytes: 0 };

/** The values that are there. */
function defined(values: { readonly [Name in keyof ShareRow]?: ShareRow[Name] | undefined }): Partial<ShareRow> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}
