import { createHash } from "node:crypto";
import type { Account, Accounts } from "./accounts.ts";
import { Attempts } from "./attempts.ts";
import { kindOfSecret, looksLikeToken, type Secrets } from "./secrets.ts";
import { scopeIn, type UploadScope } from "./upload-scope.ts";

/** Who calls, and by what they proved it. */
export interface Caller extends Account {
  readonly by: "session" | "token" | "basic" | "agent" | "upload";
  /** The session's id, when it is one. */
  readonly session?: string | undefined;
  /** The agent's id, when a paired agent calls. */
  readonly agent?: string | undefined;
  /** The only upload that the caller may touch, when it proved itself by a token for one. */
  readonly upload?: UploadScope | undefined;
}

export interface GateOptions {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly now: () => number;
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
  /** Who has entered from where: not held up by what others try from there, or elsewhere in the same name. */
  readonly #entered = new Set<string>();
  /** Basic pairs found right a moment ago, by their hash: a part must not pay scrypt. */
  readonly #verified = new Map<string, { readonly account: Account; readonly until: number }>();
  /** The same being found out: parts that come at once are one attempt. */
  readonly #verifying = new Map<string, Promise<Account | undefined>>();

  constructor({ accounts, secrets, now }: GateOptions) {
    this.#accounts = accounts;
    this.#secrets = secrets;
    this.#now = now;
    // The pair is narrow, so that a stranger far away does not lock the owner out at once.
    this.#byPair = new Attempts({ now, limit: 10 });
    this.#byAccount = new Attempts({ now, limit: 100 });
    this.#byAddress = new Attempts({ now, limit: 50 });
  }

  async bySession(secret: string): Promise<Caller | undefined> {
    const found = await this.#secrets.find("session", secret);
    return found && { ...found.account, by: "session", session: found.id };
  }

  async byToken(secret: string): Promise<Caller | undefined> {
    const kind = kindOfSecret(secret);
    const found = await this.#secrets.find(kind, secret);
    if (!found) return undefined;
    if (kind === "agent") return { ...found.account, by: "agent", agent: found.id };
    if (kind === "upload") return { ...found.account, by: "upload", upload: scopeIn(found.name) };
    return { ...found.account, by: "token" };
  }

  /** Check a password; an API token of the account is one too, as at the other doors. @throws {TransferError} `throttled` */
  async byBasic(user: string, password: string, address: string): Promise<Caller | undefined> {
    const token = looksLikeToken(password) ? await this.byToken(password) : undefined;
    if (token?.name === user) return token;
    const key = createHash("sha256").update(`${user}\0${password}`).digest("base64");
    const known = this.#verified.get(key);
    if (known && known.until > this.#now()) return { ...known.account, by: "basic" };
    const verifying = this.#verifying.get(key) ?? this.#verify(key, () => this.signIn(user, password, address));
    const account = await verifying;
    return account && { ...account, by: "basic" };
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
    for (const [attempts, key] of limits) attempts.check(key);
    for (const [attempts, key] of limits) attempts.count(key);
    const account = await this.#accounts.verify(user, password);
    if (account) {
      for (const [attempts, key] of limits) attempts.giveBack(key);
      this.#remember(pair);
    }
    return account;
  }

  #remember(pair: string): void {
    // Added anew, so that the set stays in the order of the latest entry.
    this.#entered.delete(pair);
    this.#entered.add(pair);
    const [oldest] = this.#entered;
    if (oldest !== undefined && this.#entered.size > maxEntered) this.#entered.delete(oldest);
  }

  async #verify(key: string, signIn: () => Promise<Account | undefined>): Promise<Account | undefined> {
    const verifying = signIn();
    this.#verifying.set(key, verifying);
    try {
      const account = await verifying;
      if (this.#verified.size > 1000) this.#verified.clear();
      if (account) this.#verified.set(key, { account, until: this.#now() + basicCacheMs });
      return account;
    } finally {
      this.#verifying.delete(key);
    }
  }

  /** Forget what was verified: a password or an account has changed. */
  forget(): void {
    this.#verified.clear();
  }
}
