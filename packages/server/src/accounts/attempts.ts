import { TransferError } from "@naru/core";
import type { Database } from "../database/database.ts";

export interface AttemptsOptions {
  /** What is attempted; keys of other names do not count. */
  readonly name: string;
  readonly now: () => number;
  readonly limit: number;
}

/** An attempt that was counted. */
export interface Attempt {
  /** It succeeded: it does not count against anyone. */
  giveBack(): Promise<void>;
}

const windowMs = 5 * 60_000;

/** Counts attempts for a key (an account, an address) in a sliding window; all processes of a database count together. */
export class Attempts {
  readonly #db: Database;
  readonly #options: AttemptsOptions;

  constructor(db: Database, options: AttemptsOptions) {
    this.#db = db;
    this.#options = options;
  }

  /**
   * Count an attempt, before it is tried, so that many at once cannot slip by.
   *
   * @throws {TransferError} `throttled` with the time to wait, when there were too many; it is not counted then
   */
  async take(key: string): Promise<Attempt> {
    const { name, now, limit } = this.#options;
    const at = now();
    const { id } = await this.#db
      .insertInto("attempts")
      .values({ name, key, at })
      .returning("id")
      .executeTakeFirstOrThrow();
    const giveBack = async (): Promise<void> => {
      await this.#db.deleteFrom("attempts").where("id", "=", id).execute();
    };
    // Those before it, so that of two at the limit one is let through.
    const { count, oldest } = await this.#db
      .selectFrom("attempts")
      .select((of) => [of.fn.countAll<number>().as("count"), of.fn.min("at").as("oldest")])
      .where("name", "=", name)
      .where("key", "=", key)
      .where("at", ">", at - windowMs)
      .where("id", "<", id)
      .executeTakeFirstOrThrow();
    if (count < limit) return { giveBack };
    await giveBack();
    throw new TransferError("throttled", "Cannot sign in: too many attempts", { retryAfterMs: oldest + windowMs - at });
  }
}

/** Forget attempts that no window reaches any more. */
export async function removeOldAttempts(db: Database, now: number): Promise<void> {
  await db
    .deleteFrom("attempts")
    .where("at", "<=", now - windowMs)
    .execute();
}
