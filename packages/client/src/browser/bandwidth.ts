/**
 * Holds what this tab sends to a speed. A browser cannot slow a request that is under way, so requests are started at the
 * pace that the limit allows, and parts are cut small enough for that to be smooth.
 *
 * @module
 */

import { type Abortable, type Budget, type Clock, MiB, orAborted } from "@naru/core";

/** Parts of new uploads are at most this long on their way. */
const partSeconds = 1;
const smallestPart = 1 * MiB;
/** Above this speed parts of the usual size are smooth enough. */
const largestPart = 16 * MiB;
/** Other tabs may begin or end meanwhile. */
const lookAgainMs = 1000;

export interface BandwidthOptions {
  readonly clock: Clock;
  /** How many tabs send at this time, with this one: they share the limit. */
  readonly tabs: () => number;
}

/** A limit of bytes per second, over all that is sent. It may change while requests wait for their turn. */
export class Bandwidth {
  readonly #clock: Clock;
  readonly #tabs: () => number;
  readonly #waiting = new Set<() => void>();
  #limit: number | undefined;
  /** The requests that wait, one after another. */
  #last: Promise<void> = Promise.resolve();
  /** Bytes that were let go ahead of their time, as of `#since`. */
  #debt = 0;
  #since = 0;

  constructor({ clock, tabs }: BandwidthOptions) {
    this.#clock = clock;
    this.#tabs = tabs;
  }

  /** Set the limit in bytes per second; `undefined` is none. */
  setLimit(bytesPerSecond: number | undefined): void {
    this.#settle();
    this.#limit = bytesPerSecond;
    if (bytesPerSecond === undefined) this.#debt = 0;
    for (const look of [...this.#waiting]) look();
  }

  /** Tabs that send at this time, with this one. */
  get tabs(): number {
    return this.#tabs();
  }

  get isLimited(): boolean {
    return this.#limit !== undefined;
  }

  /** The size that parts of a new upload should have; `undefined` leaves it to what suits the file. */
  get partSize(): number | undefined {
    const { share } = this;
    if (share === undefined || share >= largestPart) return undefined;
    return Math.max(smallestPart, Math.floor(share * partSeconds));
  }

  /** Wait until a request of so many bytes may start. */
  async pass(bytes: number, options: Abortable = {}): Promise<void> {
    if (this.#limit === undefined && this.#waiting.size === 0) return;
    const before = this.#last;
    const turn = before.then(() => this.#turn(bytes, options));
    // Who gives up leaves the place to the next.
    this.#last = turn.catch(() => undefined);
    await orAborted(turn, options);
  }

  /** The same budget, of which nothing is taken faster than the limit. */
  around(budget: Budget): Budget {
    return {
      take: async (bytes, options) => {
        await this.pass(bytes, options);
        return budget.take(bytes, options);
      },
    };
  }

  async #turn(bytes: number, { signal }: Abortable): Promise<void> {
    for (;;) {
      signal?.throwIfAborted();
      const wait = this.#msUntilFree();
      if (wait <= 0) break;
      await this.#sleep(Math.min(wait, lookAgainMs), { signal });
    }
    this.#debt += bytes;
  }

  /** Sleep, or until the limit changes. */
  async #sleep(ms: number, { signal }: Abortable): Promise<void> {
    const sleep = new AbortController();
    const look = (): void => sleep.abort();
    this.#waiting.add(look);
    signal?.addEventListener("abort", look, { once: true });
    try {
      await this.#clock.sleep(ms, { signal: sleep.signal });
    } catch (error) {
      if (!sleep.signal.aborted) throw error;
    } finally {
      this.#waiting.delete(look);
      signal?.removeEventListener("abort", look);
    }
  }

  #msUntilFree(): number {
    this.#settle();
    const { share } = this;
    return share === undefined ? 0 : (this.#debt * 1000) / share;
  }

  /** Take off what the time since the last look has paid. */
  #settle(): void {
    const now = this.#clock.now();
    const { share } = this;
    if (share !== undefined) this.#debt = Math.max(0, this.#debt - ((now - this.#since) * share) / 1000);
    this.#since = now;
  }

  /** What this tab may send in a second, and receive as much. */
  get share(): number | undefined {
    return this.#limit === undefined ? undefined : this.#limit / Math.max(1, this.#tabs());
  }
}
