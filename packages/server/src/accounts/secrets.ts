import { createHash, randomBytes } from "node:crypto";
import type { Database } from "../database/database.ts";
import type { SecretRow } from "../database/tables/accounts.ts";
import type { Account } from "./accounts.ts";

type Kind = SecretRow["kind"];

/** What may be told of a session or a token; never its secret. */
export interface SecretInfo {
  readonly id: string;
  readonly name: string;
  readonly created: string;
  readonly used: string;
}

export interface FoundSecret {
  readonly id: string;
  readonly account: Account;
  /** What it was issued for. */
  readonly name: string;
}

export interface IssueOptions {
  /** The paired agent that it is for; it goes when the agent is revoked. */
  readonly agent?: string | undefined;
}

/** A new secret; never seen again. */
export interface IssuedSecret {
  readonly id: string;
  readonly secret: string;
}

const day = 24 * 60 * 60 * 1000;
const lifeMs: Readonly<Record<Kind, number | null>> = {
  session: 30 * day,
  token: null,
  link: day / 24,
  agent: null,
  upload: 7 * day,
};
const prefix: Readonly<Record<Kind, string>> = {
  session: "",
  token: "naru_",
  link: "",
  agent: "naruagent_",
  upload: "naruupload_",
};

/** What a secret says of its kind; one without a prefix says nothing. */
export function kindOfSecret(secret: string): "agent" | "upload" | "token" {
  if (secret.startsWith(prefix.agent)) return "agent";
  return secret.startsWith(prefix.upload) ? "upload" : "token";
}

/** Whether a text can be an API token. */
export function looksLikeToken(text: string): boolean {
  return text.startsWith(prefix.token);
}

/** Sessions, API tokens and one-time links: 256 random bits each, kept as a SHA-256 only. */
export class Secrets {
  readonly #db: Database;
  readonly #now: () => number;

  constructor(db: Database, { now }: { readonly now: () => number }) {
    this.#db = db;
    this.#now = now;
  }

  /** Make one. */
  async issue(kind: Kind, account: string, name: string, options: IssueOptions = {}): Promise<IssuedSecret> {
    const { agent = null } = options;
    const secret = prefix[kind] + randomBytes(32).toString("base64url");
    const id = randomBytes(9).toString("base64url");
    const now = this.#now();
    const life = lifeMs[kind];
    const expires = life === null ? null : now + life;
    await this.#db
      .insertInto("secrets")
      .values({ id, kind, hash: digest(secret), account, name, created: now, used: now, expires, agent })
      .execute();
    return { id, secret };
  }

  /** Whose secret this is, if it is one and still good. */
  async find(kind: Kind, secret: string): Promise<FoundSecret | undefined> {
    const now = this.#now();
    const row = await this.#db
      .selectFrom("secrets")
      .innerJoin("accounts", "accounts.name", "secrets.account")
      .select(["secrets.id", "secrets.used", "secrets.expires", "secrets.name"])
      .select(["accounts.name as account", "accounts.admin"])
      .where("secrets.kind", "=", kind)
      .where("secrets.hash", "=", digest(secret))
      .executeTakeFirst();
    if (!row || (row.expires !== null && row.expires <= now)) return undefined;
    // A note a minute is enough to tell a live session from a forgotten one.
    if (now - row.used > 60_000) await this.#touch(row.id, lifeMs[kind]);
    return { id: row.id, name: row.name, account: { name: row.account, admin: row.admin === 1 } };
  }

  /** Whether one is still good. */
  async isGood(id: string): Promise<boolean> {
    const row = await this.#db.selectFrom("secrets").select("expires").where("id", "=", id).executeTakeFirst();
    return row !== undefined && (row.expires === null || row.expires > this.#now());
  }

  /** Use a one-time link up: of two callers at the same moment one gets the account. */
  async consume(secret: string): Promise<Account | undefined> {
    const found = await this.find("link", secret);
    if (!found) return undefined;
    const gone = await this.#db.deleteFrom("secrets").where("id", "=", found.id).executeTakeFirst();
    return gone.numDeletedRows === 1n ? found.account : undefined;
  }

  async list(kind: Kind, account: string): Promise<readonly SecretInfo[]> {
    const rows = await this.#db
      .selectFrom("secrets")
      .select(["id", "name", "created", "used"])
      .where("account", "=", account)
      .where("kind", "=", kind)
      .where((where) => where.or([where("expires", "is", null), where("expires", ">", this.#now())]))
      .orderBy("created")
      .execute();
    const iso = (time: number): string => new Date(time).toISOString();
    return rows.map(({ id, name, created, used }) => ({ id, name, created: iso(created), used: iso(used) }));
  }

  /** Revoke one; false if it is not this account's. */
  async revoke(kind: Kind, account: string, id: string): Promise<boolean> {
    const gone = await this.#db
      .deleteFrom("secrets")
      .where("id", "=", id)
      .where("kind", "=", kind)
      .where("account", "=", account)
      .executeTakeFirst();
    return gone.numDeletedRows > 0n;
  }

  /** Revoke all sessions and links of an account but one. */
  async revokeSessions(account: string, { except }: { readonly except?: string | undefined } = {}): Promise<void> {
    await this.#db
      .deleteFrom("secrets")
      .where("account", "=", account)
      .where("kind", "in", ["session", "link"])
      .where("id", "!=", except ?? "")
      .execute();
  }

  /** Revoke an agent, and with it what it was given for single uploads; false if it is not this account's. */
  async revokeAgent(account: string, id: string): Promise<boolean> {
    if (!(await this.revoke("agent", account, id))) return false;
    await this.#db
      .deleteFrom("secrets")
      .where("kind", "=", "upload")
      .where("account", "=", account)
      .where("agent", "=", id)
      .execute();
    return true;
  }

  async removeExpired(): Promise<void> {
    await this.#db.deleteFrom("secrets").where("expires", "<=", this.#now()).execute();
  }

  async #touch(id: string, life: number | null): Promise<void> {
    const now = this.#now();
    // A link's hour is fixed; a session in use lives on.
    const expires = life === null || life === lifeMs.link ? {} : { expires: now + life };
    await this.#db
      .updateTable("secrets")
      .set({ used: now, ...expires })
      .where("id", "=", id)
      .execute();
  }
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
