import { TransferError } from "@naru/core";

export interface AttemptsOptions {
  readonly now: () => number;
  readonly limit?: number | undefined;
  readonly windowMs?: number | undefined;
}

/** Counts failed sign-ins for a key (an account, an address) in a sliding window, in memory. */
export class Attempts {
  readonly #failures = new Map<string, number[]>();
  readonly #now: () => number;
  readonly #limit: number;
  readonly #windowMs: number;

  constructor({ now, limit = 10, windowMs = 5 * 60_000 }: AttemptsOptions) {
    this.#now = now;
    this.#limit = limit;
    this.#windowMs = windowMs;
  }

  /** Check and count an attempt. @throws {TransferError} `throttled` */
  take(key: string): void {
    this.check(key);
    this.count(key);
  }

  /** @throws {TransferError} `throttled` with the time to wait, when there were too many */
  check(key: string): void {
    const now = this.#now();
    const recent = this.#recent(key, now);
    const oldest = recent[0];
    if (oldest === undefined || recent.length < this.#limit) return;
    const retryAfterMs = oldest + this.#windowMs - now;
    throw new TransferError("throttled", "Cannot sign in: too many attempts", { retryAfterMs });
  }

  /** Count an attempt, before it is tried, so that many at once cannot slip by. */
  count(key: string): void {
    const now = this.#now();
    this.#failures.set(key, [...this.#recent(key, now), now]);
    if (this.#failures.size > 10_000) this.#prune(now);
  }

  /** The attempt succeeded: it does not count against anyone. */
  giveBack(key: string): void {
    const left = this.#failures.get(key)?.slice(0, -1) ?? [];
    if (left.length > 0) this.#failures.set(key, left);
    else this.#failures.delete(key);
  }

  #recent(key: string, now: number): number[] {
    return (this.#failures.get(key) ?? []).filter((time) => time > now - this.#windowMs);
  }

  #prune(now: number): void {
    for (const key of this.#failures.keys()) {
      if (this.#recent(key, now).length === 0) this.#failures.delete(key);
    }
  }
}
