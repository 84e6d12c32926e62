import { createHash } from "node:crypto";
import type { Account, Accounts } from "./accounts.ts";
import { Attempts } from "./attempts.ts";
import type { Secrets } from "./secrets.ts";

/** Who calls, and by what they proved it. */
export interface Caller extends Account {
  readonly by: "session" | "token" | "basic";
  /** The session's id, when it is one. */
  readonly session?: string | undefined;
}

export interface GateOptions {
  readonly accounts: Accounts;
  readonly secrets: Secrets;
  readonly now: () => number;
}

const basicCacheMs = 60_000;

/** Tells callers from strangers: by session, token, or password. */
export class Gate {
  readonly #accounts: Accounts;
  readonly #secrets: Secrets;
  readonly #now: () => number;
  readonly #byAccount: Attempts;
  readonly #byAddress: Attempts;
  /** Basic pairs found right a moment ago, by their hash: a part must not pay scrypt. */
  readonly #verified = new Map<string, { readonly account: Account; readonly until: number }>();

  constructor({ accounts, secrets, now }: GateOptions) {
    this.#accounts = accounts;
    this.#secrets = secrets;
    this.#now = now;
    this.#byAccount = new Attempts({ now });
    this.#byAddress = new Attempts({ now, limit: 50 });
  }

  async bySession(secret: string): Promise<Caller | undefined> {
    const found = await this.#secrets.find("session", secret);
    return found && { ...found.account, by: "session", session: found.id };
  }

  async byToken(secret: string): Promise<Caller | undefined> {
    const found = await this.#secrets.find("token", secret);
    return found && { ...found.account, by: "token" };
  }

  async byBasic(user: string, password: string, address: string): Promise<Caller | undefined> {
    const key = createHash("sha256").update(`${user}\0${password}`).digest("base64");
    const known = this.#verified.get(key);
    if (known && known.until > this.#now()) return { ...known.account, by: "basic" };
    const account = await this.signIn(user, password, address);
    if (!account) return undefined;
    if (this.#verified.size > 1000) this.#verified.clear();
    this.#verified.set(key, { account, until: this.#now() + basicCacheMs });
    return { ...account, by: "basic" };
  }

  /** Check a password. @throws {TransferError} `throttled` after too many wrong ones, for the account or the address */
  async signIn(user: string, password: string, address: string): Promise<Account | undefined> {
    this.#byAddress.take([address]);
    // Counted for the pair, so that a stranger far away cannot lock the owner out.
    const pair = `${user}\0${address}`;
    this.#byAccount.take([pair]);
    const account = await this.#accounts.verify(user, password);
    if (account) {
      this.#byAddress.giveBack([address]);
      this.#byAccount.giveBack([pair]);
    }
    return account;
  }

  /** Forget what was verified: a password or an account has changed. */
  forget(): void {
    this.#verified.clear();
  }
}
