/**
 * Finds tries that do not move any more. A dead connection says nothing for minutes (TCP's own retransmission waits ever longer), so
 * each part has a limit of silence; and while nothing at all moves the server is probed, and when it answers after a cut
 * the stalled parts are sent again on new connections at once.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import type { Attempt } from "./attempt.ts";
import type { Clock, RunOptions } from "./engine.ts";
import type { Abortable } from "./store.ts";
import { MiB } from "./units.ts";

const tickMs = 250;
/** Whoever says nothing for so long is given up, in milliseconds; longer where that is usual. */
export const silenceMs: number = 20_000;
const usualGaps = 8;
const quietMs = 2000;
const probeEveryMs = 2000;
const stalledMs = 3000;
const longQuietMs = 8000;
/** What sockets swallow before the line has carried it; on a slow line it takes long to drain, and no sign of life is given. */
const swallowedBytes = 8 * MiB;
const longestDrainMs = 120_000;

export interface WatchdogOptions {
  readonly clock: Clock;
  readonly probe?: RunOptions["probe"];
  /** The tries under way. */
  readonly attempts: () => Iterable<Attempt>;
  /** Whether somebody sleeps after a failure. */
  readonly isWaiting: () => boolean;
  /** The line was cut and is back. */
  readonly onBack: () => void;
  /** Called on every look around, for what must happen now and then. */
  readonly onTick?: (() => void) | undefined;
}

/** Watches the tries of one run. */
export class Watchdog {
  readonly #options: WatchdogOptions;
  #moved: number;
  #gap = 0;
  #began: number;
  #bytes = 0;
  #asked = Number.NEGATIVE_INFINITY;
  #probing: AbortController | undefined;
  #cut = false;

  constructor(options: WatchdogOptions) {
    this.#options = options;
    this.#began = options.clock.now();
    this.#moved = this.#began;
  }

  /** Whether a probe has failed since anything moved. */
  get isCut(): boolean {
    return this.#cut;
  }

  /** Note that a part moved by `bytes`, `gap` milliseconds after it moved before. */
  moved(bytes: number, gap: number): void {
    this.#bytes += bytes;
    this.#gap = this.#gap === 0 ? gap : this.#gap * 0.9 + gap * 0.1;
    this.#moved = this.#options.clock.now();
    this.#cut = false;
  }

  /** Look around until the signal aborts. */
  async watch({ signal }: Required<Abortable>): Promise<void> {
    this.#began = this.#options.clock.now();
    this.#moved = this.#began;
    try {
      while (!signal?.aborted) {
        await orAborted(this.#options.clock.sleep(tickMs, { signal }), { signal });
        this.#look();
        this.#options.onTick?.();
      }
    } catch (error) {
      if (!signal?.aborted) throw error;
    } finally {
      this.#probing?.abort();
    }
  }

  #look(): void {
    const now = this.#options.clock.now();
    const limit = Math.max(silenceMs, usualGaps * this.#gap, this.#drainMs());
    let some = this.#options.isWaiting();
    for (const attempt of this.#options.attempts()) {
      some = true;
      if (attempt.idle(now) > limit * attempt.patience) attempt.giveUp("stalled");
    }
    if (some && now - this.#moved >= quietMs && now - this.#asked >= probeEveryMs) this.#ask(now);
  }

  #drainMs(): number {
    // Fewer bytes may all have been swallowed, and tell nothing of the line.
    if (this.#bytes < swallowedBytes) return 0;
    return Math.min(longestDrainMs, (swallowedBytes * (this.#moved - this.#began)) / this.#bytes);
  }

  #ask(now: number): void {
    const { probe } = this.#options;
    if (probe === undefined) return;
    if (this.#probing !== undefined) this.#unanswered(this.#probing);
    const probing = new AbortController();
    this.#asked = now;
    this.#probing = probing;
    probe({ signal: probing.signal }).then(
      (answered) => (answered ? this.#answered(probing) : this.#unanswered(probing)),
      () => this.#unanswered(probing),
    );
  }

  #unanswered(probing: AbortController): void {
    if (probing !== this.#probing) return;
    this.#probing = undefined;
    this.#cut = true;
    probing.abort();
  }

  #answered(probing: AbortController): void {
    if (probing !== this.#probing || probing.signal.aborted) return;
    this.#probing = undefined;
    const now = this.#options.clock.now();
    const quiet = now - this.#moved;
    if (quiet < quietMs) return;
    for (const attempt of this.#options.attempts()) {
      const least = (this.#cut ? stalledMs : Math.max(longQuietMs, this.#drainMs())) * attempt.patience;
      if (attempt.idle(now) > stalledMs && quiet >= least) attempt.giveUp("line-back");
    }
    if (this.#cut) this.#options.onBack();
    this.#cut = false;
  }
}
