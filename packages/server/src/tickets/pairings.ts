import { createHash, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { TransferError, type WireClaim, type WirePairing } from "@naru/core";
import { Attempts } from "../accounts/attempts.ts";
import type { Secrets } from "../accounts/secrets.ts";
import type { Database } from "../database/database.ts";

export interface PairingsOptions {
  readonly secrets: Secrets;
  readonly now: () => number;
}

const lifeMs = 5 * 60_000;
const maxPending = 1000;

/**
 * Agents that ask to be known. Both sides show the same six digits; the account that confirms them in the page is the one
 * that the agent's token is for.
 */
export class Pairings {
  readonly #db: Database;
  readonly #secrets: Secrets;
  readonly #now: () => number;
  readonly #begun: Attempts;
  readonly #guesses: Attempts;

  constructor(db: Database, { secrets, now }: PairingsOptions) {
    this.#db = db;
    this.#secrets = secrets;
    this.#now = now;
    this.#begun = new Attempts(db, { name: "pairing begun", now, limit: 20 });
    this.#guesses = new Attempts(db, { name: "pairing guessed", now, limit: 10 });
  }

  /** Begin; anyone may. @throws {TransferError} `throttled` */
  async begin(device: string, address: string): Promise<WirePairing> {
    await this.#begun.take(address);
    await this.#prune();
    const secret = randomBytes(32).toString("base64url");
    const expires = this.#now() + lifeMs;
    const code = await this.#insert({ device, hash: digest(secret), expires });
    return { code, secret, expires: new Date(expires).toISOString() };
  }

  /** Confirm the code for an account: the device's name. @throws {TransferError} `not-found`, `throttled` after many guesses */
  async confirm(code: string, account: string): Promise<{ readonly device: string }> {
    const guess = await this.#guesses.take(account);
    const confirmed = await this.#db
      .updateTable("pairings")
      .set({ account })
      .where("code", "=", code)
      .where("expires", ">", this.#now())
      .where((row) => row.or([row("account", "is", null), row("account", "=", account)]))
      .returning("device")
      .executeTakeFirst();
    if (!confirmed) throw new TransferError("not-found", "Cannot pair: no agent shows this code, or it has expired");
    await guess.giveBack();
    return confirmed;
  }

  /** Ask how far it is; once confirmed, the agent's token, told once. @throws {TransferError} `not-found` */
  async claim(code: string, secret: string): Promise<WireClaim> {
    const pairings = this.#db.selectFrom("pairings").selectAll();
    const pending = await pairings.where("code", "=", code).where("expires", ">", this.#now()).executeTakeFirst();
    if (pending === undefined || !isSame(pending.hash, digest(secret))) throw notThis();
    if (pending.account === null) return { paired: false };
    const gone = await this.#db.deleteFrom("pairings").where("code", "=", code).executeTakeFirst();
    if (gone.numDeletedRows === 0n) throw notThis();
    const { secret: token } = await this.#secrets.issue("agent", pending.account, pending.device);
    return { paired: true, user: pending.account, token };
  }

  /** Note it under a code that is free. */
  async #insert(pairing: {
    readonly device: string;
    readonly hash: string;
    readonly expires: number;
  }): Promise<string> {
    for (;;) {
      const code = String(randomInt(1_000_000)).padStart(6, "0");
      const made = await this.#db
        .insertInto("pairings")
        .values({ ...pairing, code, account: null })
        .onConflict((clash) => clash.doNothing())
        .executeTakeFirst();
      if (made.numInsertedOrUpdatedRows === 1n) return code;
    }
  }

  async #prune(): Promise<void> {
    await this.#db.deleteFrom("pairings").where("expires", "<=", this.#now()).execute();
    const { count } = await this.#db
      .selectFrom("pairings")
      .select((of) => of.fn.countAll<number>().as("count"))
      .executeTakeFirstOrThrow();
    if (count >= maxPending) throw new TransferError("throttled", "Cannot pair: too many agents are asking");
  }
}

function notThis(): TransferError {
  return new TransferError("not-found", "Cannot pair: the code is not this agent's, or it has expired");
}

function isSame(one: string, other: string): boolean {
  return one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other));
}

function digest(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}
