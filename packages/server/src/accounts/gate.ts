import { createHash } from "node:crypto";
import { everything, oneUpload, type Right, Rights } from "../catalogue/rights.ts";
import type { Database } from "../database/database.ts";
import type { Account, Accounts } from "./accounts.ts";
import { type Attempt, Attempts } from "./attempts.ts";
import { kindOfSecret, looksLikeToken, type Secrets } from "./secrets.ts";
import { scopeIn } from "./upload-scope.ts";

/** Who calls, and by what they proved it. */
export interface Caller extends Account {
  readonly by: "session" | "token" | "basic" | "agent" | "upload" | "guest";
  /** The session's id, when it is one. */
  readonly session?: string | undefined;
  /** The API token's id, when it is one. */
  readonly token?: string | undefined;
  /** The agent's id, when a paired agent calls. */
  readonly agent?: string | undefined;
  /** What it may do with files. */
  readonly rights: Rights;
  /** The folder that its paths are below, with its final `/`; it hears no others. */
  readonly root?: string | undefined;
}

export interface GateOptions {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly now: () => number;
}

interface Credentials {
  readonly user: string;
  readonly password: string;
  readonly address: string;
}

const basicCacheMs = 60_000;
/** How many pairs of account and address are remembered to have entered; the oldest are forgotten first. */
const maxEntered = 10_000;

/** Tells callers from strangers: by session, token, or password. */
export class Gate {
  readonly #accounts: Accounts;
  readonly #secrets: Secrets;
  readonly #now: () => number;
  readonly #byPair: Attempts;
  readonly #byAccount: Attempts;
  readonly #byAddress: Attempts;
  readonly #everything: Rights;
  /** Who has entered from where: not held up by what others try from there, or elsewhere in the same name. */
  readonly #entered = new Set<string>();
  /** Basic pairs found right a moment ago, by their hash: a part must not pay scrypt. They hold while the password does. */
  readonly #verified = new Map<string, { readonly stamp: string; readonly until: number }>();
  /** The same being found out: parts that come at once are one attempt. */
  readonly #verifying = new Map<string, Promise<Account | undefined>>();

  constructor(db: Database, { accounts, secrets, now }: GateOptions) {
    this.#accounts = accounts;
    this.#secrets = secrets;
    this.#now = now;
    this.#everything = this.#rights(everything);
    // The pair is narrow, so that a stranger far away does not lock the owner out at once.
    this.#byPair = new Attempts(db, { name: "sign-in of pair", now, limit: 10 });
    this.#byAccount = new Attempts(db, { name: "sign-in to account", now, limit: 100 });
    this.#byAddress = new Attempts(db, { name: "sign-in from address", now, limit: 50 });
  }

  /** What an account may do at this moment; `undefined` without such an account. */
  async rightsOf(account: string): Promise<Rights | undefined> {
    return (await this.#accounts.get(account)) && this.#everything;
  }

  async bySession(secret: string): Promise<Caller | undefined> {
    const found = await this.#secrets.find("session", secret);
    return found && { ...found.account, by: "session", session: found.id, rights: this.#everything };
  }

  async byToken(secret: string): Promise<Caller | undefined> {
    const kind = kindOfSecret(secret);
    const found = await this.#secrets.find(kind, secret);
    if (!found) return undefined;
    if (kind === "agent") return { ...found.account, by: "agent", agent: found.id, rights: this.#rights([]) };
    if (kind === "upload") {
      const { id, path } = scopeIn(found.name);
      return { ...found.account, by: "upload", rights: this.#rights(oneUpload(path), id) };
    }
    return { ...found.account, by: "token", token: found.id, rights: this.#everything };
  }

  /** Whether the session or token of a caller is still good; asking is no use of it. */
  isGood(id: string): Promise<boolean> {
    return this.#secrets.isGood(id);
  }

  /** Check a password; an API token of the account is one too, as at the other doors. @throws {TransferError} `throttled` */
  async byBasic(user: string, password: string, address: string): Promise<Caller | undefined> {
    const token = looksLikeToken(password) ? await this.byToken(password) : undefined;
    if (token?.name === user) return token;
    const key = createHash("sha256").update(`${user}\0${password}`).digest("base64");
    const known = await this.#known(user, key);
    const account = known ?? (await (this.#verifying.get(key) ?? this.#verify(key, { user, password, address })));
    return account && { ...account, by: "basic", rights: this.#everything };
  }

  /** The account of a pair that was found right a moment ago, if its password is still the same. */
  async #known(user: string, key: string): Promise<Account | undefined> {
    const known = this.#verified.get(key);
    if (known === undefined || known.until <= this.#now()) return undefined;
    const current = await this.#accounts.stamped(user);
    return current?.stamp === known.stamp ? current.account : undefined;
  }

  /** Check a password. @throws {TransferError} `throttled` after too many wrong ones, for the account or the address */
  async signIn(user: string, password: string, address: string): Promise<Account | undefined> {
    const pair = `${user}\0${address}`;
    const narrow = [[this.#byPair, pair]] as const;
    const wide = [
      [this.#byAddress, address],
      [this.#byAccount, user],
    ] as const;
    const limits = this.#entered.has(pair) ? narrow : [...narrow, ...wide];
    const counted: Attempt[] = [];
    const giveBack = async (): Promise<void> => {
      for (const attempt of counted) await attempt.giveBack();
    };
    try {
      for (const [attempts, key] of limits) counted.push(await attempts.take(key));
    } catch (error) {
      await giveBack();
      throw error;
    }
    const account = await this.#accounts.verify(user, password);
    if (account) {
      await giveBack();
      this.#remember(pair);
    }
    return account;
  }

  #rights(rights: readonly Right[], upload?: string): Rights {
    return new Rights(rights, { now: this.#now, upload });
  }

  #remember(pair: string): void {
    // Added anew, so that the set stays in the order of the latest entry.
    this.#entered.delete(pair);
    this.#entered.add(pair);
    const [oldest] = this.#entered;
    if (oldest !== undefined && this.#entered.size > maxEntered) this.#entered.delete(oldest);
  }

  async #verify(key: string, { user, password, address }: Credentials): Promise<Account | undefined> {
    // Before the password is looked at: one that is changed meanwhile is not taken for the new one.
    const before = await this.#accounts.stamped(user);
    const verifying = this.#verifying.get(key) ?? this.signIn(user, password, address);
    this.#verifying.set(key, verifying);
    try {
      const account = await verifying;
      if (this.#verified.size > 1000) this.#verified.clear();
      if (account && before) this.#verified.set(key, { stamp: before.stamp, until: this.#now() + basicCacheMs });
      return account;
    } finally {
      this.#verifying.delete(key);
    }
  }
}
