import { createHash, randomBytes } from "node:crypto";
import { type EnterShare, type Files, renamed, TransferError } from "@naru/core";
import { Attempts } from "../accounts/attempts.ts";
import { verifyPassword } from "../accounts/password.ts";
import type { Database } from "../database/database.ts";
import type { ShareRow } from "../database/tables/shares.ts";
import type { Locks } from "../locks/locks.ts";
import { senderFolder } from "./sender-folder.ts";
import { newId, newSecret, secretHash } from "./share-secret.ts";
import { asksOf } from "./wire-share.ts";

/** Somebody who came by a link. */
export interface Guest {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  /** Where what they send goes; "" of one who reads. */
  readonly folder: string;
}

export interface GuestsOptions {
  readonly files: Pick<Files, "list">;
  readonly locks: Locks;
  readonly now: () => number;
}

const mostGuests = 100_000;
const mostVerified = 1000;
const verifiedMs = 60_000;

/** Who comes by links, each in one browser: kept so that they can come back to what they sent. */
export class Guests {
  readonly #db: Database;
  readonly #options: GuestsOptions;
  readonly #byAddress: Attempts;
  readonly #byShare: Attempts;
  readonly #newcomers: Attempts;
  /** Passwords found right a moment ago, by a hash of them and of what is kept of them: programs give theirs with each range. */
  readonly #verified = new Map<string, number>();
  /** The same being found out: ranges that are asked for at once are one attempt. */
  readonly #verifying = new Map<string, Promise<void>>();

  constructor(db: Database, options: GuestsOptions) {
    this.#db = db;
    this.#options = options;
    const { now } = options;
    this.#byAddress = new Attempts(db, { name: "link password from address", now, limit: 10 });
    this.#byShare = new Attempts(db, { name: "link password", now, limit: 100 });
    this.#newcomers = new Attempts(db, { name: "link entered from address", now, limit: 300 });
  }

  /** The guest of a cookie, if it is this link's; `admitted` is false when its password has changed since. */
  async find(
    share: ShareRow,
    secret: string,
  ): Promise<{ readonly guest: Guest; readonly admitted: boolean } | undefined> {
    const row = await this.#db
      .selectFrom("share_guests")
      .selectAll()
      .where("hash", "=", secretHash(secret))
      .where("share", "=", share.id)
      .executeTakeFirst();
    if (!row) return undefined;
    const { id, name, email, folder, stamp } = row;
    return { guest: { id, name, email, folder }, admitted: stamp === stampOf(share) };
  }

  /** Somebody without a cookie, such as a download manager: known by where they call from, for as long as it takes. */
  nameless(share: ShareRow, address: string): Guest {
    const id = `~${createHash("sha256").update(`${share.hash}\0${address}`).digest("base64url").slice(0, 12)}`;
    return { id, name: "", email: "", folder: "" };
  }

  /**
   * Let somebody in who typed what the link asks for: the secret of their cookie. Who comes back stays who they were.
   *
   * @throws {TransferError} `forbidden` for a wrong password; `throttled` after many; `invalid` for what is missing
   */
  async enter(
    share: ShareRow,
    typed: EnterShare,
    by: { readonly address: string; readonly secret: string | undefined },
  ): Promise<string> {
    const known = by.secret === undefined ? undefined : await this.find(share, by.secret);
    if (known?.admitted && by.secret !== undefined) return by.secret;
    await this.#tryPassword(share, typed.password ?? "", by.address);
    if (known && by.secret !== undefined) {
      await this.#db
        .updateTable("share_guests")
        .set({ stamp: stampOf(share) })
        .where("id", "=", known.guest.id)
        .execute();
      return by.secret;
    }
    const asks = share.kind === "request" ? asksOf(share) : [];
    for (const field of asks) {
      if ((typed[field] ?? "").trim() === "")
        throw new TransferError("invalid", `Cannot enter: the ${field} is missing`);
    }
    // Each is a row; an office behind one address has people enough for some.
    await this.#newcomers.take(`${share.id} ${by.address}`);
    return this.#options.locks.run(`share ${share.id}`, () => this.#insert(share, typed));
  }

  /** Check the password of a program. @throws {TransferError} what `enter` throws for a password */
  async checkPassword(share: ShareRow, password: string, address: string): Promise<void> {
    const { now } = this.#options;
    const key = secretHash(`${share.id}\0${share.password}\0${password}`);
    if ((this.#verified.get(key) ?? 0) > now()) return;
    const verifying =
      this.#verifying.get(key) ??
      this.#tryPassword(share, password, address).finally(() => this.#verifying.delete(key));
    this.#verifying.set(key, verifying);
    await verifying;
    if (this.#verified.size > mostVerified) this.#verified.clear();
    this.#verified.set(key, now() + verifiedMs);
  }

  /** @throws {TransferError} `forbidden` for a wrong password; `throttled` after many from one address, or for one link */
  async #tryPassword(share: ShareRow, password: string, address: string): Promise<void> {
    if (share.password === null) return;
    const near = await this.#byAddress.take(`${share.id} ${address}`);
    const far = await this.#byShare.take(share.id).catch(async (error: unknown) => {
      await near.giveBack();
      throw error;
    });
    if (!(await verifyPassword(password, share.password))) {
      throw new TransferError("forbidden", "Cannot enter: the password is wrong");
    }
    await near.giveBack();
    await far.giveBack();
  }

  async #insert(share: ShareRow, typed: EnterShare): Promise<string> {
    const { count } = await this.#db
      .selectFrom("share_guests")
      .select((of) => of.fn.countAll<number>().as("count"))
      .where("share", "=", share.id)
      .executeTakeFirstOrThrow();
    if (count >= mostGuests) throw new TransferError("throttled", "Cannot enter: too many came by this link");
    const secret = newSecret();
    const [name, email] = [(typed.name ?? "").trim(), (typed.email ?? "").trim()];
    const folder = share.kind === "request" ? await this.#folderFor(share, name) : "";
    const row = { id: newId(), share: share.id, hash: secretHash(secret), name, email, folder };
    await this.#db
      .insertInto("share_guests")
      .values({ ...row, stamp: stampOf(share), created: this.#options.now() })
      .execute();
    return secret;
  }

  /** A folder that nobody else sends into, and that holds nothing yet. */
  async #folderFor(share: ShareRow, name: string): Promise<string> {
    if (share.sender_folders === 0) return share.path;
    const wanted = senderFolder(name, randomBytes(3).toString("hex"));
    for (let n = 1; ; n += 1) {
      const folder = `${share.path}${n === 1 ? wanted : renamed(wanted, n)}/`;
      const taken = await this.#db
        .selectFrom("share_guests")
        .select("id")
        .where("folder", "=", folder)
        .executeTakeFirst();
      if (taken) continue;
      const { files, folders } = await this.#options.files.list({ prefix: folder, limit: 1 });
      if (files.length + folders.length === 0) return folder;
    }
  }
}

/** Tells one password from the next, and nothing of either. */
function stampOf({ password }: ShareRow): string {
  return password === null ? "" : secretHash(password);
}
