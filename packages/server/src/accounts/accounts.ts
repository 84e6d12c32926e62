import { TransferError } from "@naru/core";
import type { Database } from "../database/database.ts";
import type { AccountRow } from "../database/tables/accounts.ts";
import { hashPassword, verifyPassword } from "./password.ts";

export interface Account {
  readonly name: string;
  readonly admin: boolean;
}

export interface AccountsOptions {
  readonly now: () => number;
}

export interface NewAccountOptions {
  readonly admin?: boolean | undefined;
  /** Take a short password too: that of whoever starts the server is theirs to choose. */
  readonly anyPassword?: boolean | undefined;
}

/** What a name may be: one word, without what would end it in a URL or a header. */
const accountName = /^[^\s:\p{Cc}]{1,64}$/u;
const leastPassword = 8;

/** The people who may enter. */
export class Accounts {
  readonly #db: Database;
  readonly #now: () => number;
  /** Compared with when there is no such account, so that a guess takes as long. */
  #decoy: Promise<string> | undefined;

  constructor(db: Database, { now }: AccountsOptions) {
    this.#db = db;
    this.#now = now;
  }

  async list(): Promise<readonly Account[]> {
    const rows = await this.#db.selectFrom("accounts").selectAll().orderBy("name").execute();
    return rows.map(asAccount);
  }

  async get(name: string): Promise<Account | undefined> {
    const row = await this.#row(name);
    return row && asAccount(row);
  }

  /** The account, and what its password is kept as: it changes whenever the password does. */
  async stamped(name: string): Promise<{ readonly account: Account; readonly stamp: string } | undefined> {
    const row = await this.#row(name);
    return row && { account: asAccount(row), stamp: row.password };
  }

  /** Make an account. @throws {TransferError} `invalid` for a name or a password that cannot be; `conflict` if it is taken */
  async create(given: string, password: string, options: NewAccountOptions = {}): Promise<Account> {
    const { admin = false, anyPassword = false } = options;
    const name = given.normalize("NFC");
    if (!accountName.test(name)) throw invalid(name, "a name is up to 64 letters without spaces and colons");
    if (!anyPassword) refuseWeak(name, password);
    const kept = await hashPassword(password);
    const made = await this.#db
      .insertInto("accounts")
      .values({ name, password: kept, admin: admin ? 1 : 0, created: this.#now() })
      .onConflict((clash) => clash.doNothing())
      .executeTakeFirst();
    if (made.numInsertedOrUpdatedRows === 0n) {
      throw new TransferError("conflict", `Cannot create the account "${name}": the name is taken`);
    }
    return { name, admin };
  }

  /** Remove an account with its sessions and tokens. @throws {TransferError} `not-found`, or `conflict` for the last admin */
  async remove(name: string): Promise<void> {
    const all = await this.list();
    const account = all.find((one) => one.name === name);
    if (!account) throw new TransferError("not-found", `Cannot remove the account "${name}": no such account`);
    if (account.admin && all.filter((one) => one.admin).length === 1) {
      throw new TransferError("conflict", `Cannot remove the account "${name}": it is the last administrator`);
    }
    await this.#db.transaction().execute(async (tx) => {
      await tx.deleteFrom("secrets").where("account", "=", name).execute();
      await tx.deleteFrom("accounts").where("name", "=", name).execute();
    });
  }

  /** The account, when the password is right; `undefined` after the same work when not. */
  async verify(name: string, password: string): Promise<Account | undefined> {
    const row = await this.#row(name);
    this.#decoy ??= hashPassword("nobody");
    const right = await verifyPassword(password, row?.password ?? (await this.#decoy));
    return row && right ? asAccount(row) : undefined;
  }

  /** @throws {TransferError} `invalid` for a password that cannot be */
  async setPassword(name: string, password: string): Promise<void> {
    refuseWeak(name, password);
    const kept = await hashPassword(password);
    await this.#db.updateTable("accounts").set({ password: kept }).where("name", "=", name).execute();
  }

  #row(name: string): Promise<AccountRow | undefined> {
    return this.#db.selectFrom("accounts").selectAll().where("name", "=", name).executeTakeFirst();
  }
}

function asAccount(row: AccountRow): Account {
  return { name: row.name, admin: row.admin === 1 };
}

function refuseWeak(name: string, password: string): void {
  if (password.length < leastPassword) throw invalid(name, `a password has ${leastPassword} letters or more`);
}

function invalid(name: string, why: string): TransferError {
  return new TransferError("invalid", `Cannot use the account "${name}": ${why}`);
}
