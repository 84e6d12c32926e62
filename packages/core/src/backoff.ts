/**
 * Waiting before the next try.
 *
 * @module
 */

import type { LinkedController } from "./abortable.ts";
import { linked, orAborted } from "./abortable.ts";
import type { Clock } from "./engine.ts";
import type { RetryPolicy } from "./retry-policy.ts";
import type { Abortable } from "./store.ts";

const leastMs = 50;

/** How long to wait between tries: as the policy says, doubled with every failure. Progress begins anew. */
export class Backoff {
  readonly #policy: RetryPolicy;
  readonly #random: () => number;
  #failures = 0;
  #progress = -1;

  constructor(policy: RetryPolicy, random: () => number) {
    this.#policy = policy;
    this.#random = random;
  }

  /** Tell how long to wait; `progress` is any number that changes when something went well. Never less than the far side asks. */
  next(progress: number, retryAfterMs = 0): number {
    if (progress !== this.#progress) this.#failures = 0;
    this.#progress = progress;
    const { firstMs, longestMs, jitter } = this.#policy;
    const most = Math.min(longestMs, firstMs * 2 ** this.#failures);
    this.#failures += 1;
    return Math.max(leastMs, retryAfterMs, most * (1 - jitter + jitter * this.#random()));
  }
}

/** Sleeps that can be cut short together. */
export class Sleeper {
  readonly #clock: Clock;
  readonly #sleeper = new Set<LinkedController>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** How many sleep now. */
  get count(): number {
    return this.#sleeper.size;
  }

  /** Sleep until the time is over or somebody wakes us; fail only if the signal aborts. */
  async sleep(ms: number, { signal }: Abortable): Promise<void> {
    signal?.throwIfAborted();
    using sleep = linked({ signal });
    this.#sleeper.add(sleep);
    try {
      await orAborted(this.#clock.sleep(ms, { signal: sleep.signal }), sleep);
    } catch (error) {
      if (!sleep.signal.aborted) throw error;
    } finally {
      this.#sleeper.delete(sleep);
    }
    signal?.throwIfAborted();
  }

  wake(): void {
    for (const sleep of this.#sleeper) sleep.abort();
  }
}
