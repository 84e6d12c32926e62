/**
 * Second tries of parts that are slow, each on a new connection. Whichever try of a part is there first counts.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import type { Attempt } from "./attempt.ts";
import type { RunOptions } from "./engine.ts";
import type { Moving, ProgressCounter } from "./progress-counter.ts";
import type { Abortable, Part } from "./store.ts";
import type { Stragglers } from "./stragglers.ts";

/** They cost at most this share of what is to be moved. */
const mostShare = 1 / 4;
/** Then it shows whether a new connection is faster here. */
const fairMs = 1000;

interface SecondTry extends Required<Abortable> {
  readonly onProgress: (moved: number) => void;
  readonly fresh: true;
}

export interface SecondTriesContext<M extends Moving> {
  readonly options: Pick<RunOptions, "clock" | "budget">;
  readonly counter: ProgressCounter<M>;
  readonly stragglers: Stragglers;
  /** Move a part; what it returns is called when it was there first. */
  readonly move: (part: Part, options: SecondTry) => Promise<() => void>;
}

/** The second tries of one run. */
export class SecondTries<M extends Moving> {
  readonly #context: SecondTriesContext<M>;
  readonly #underWay = new Set<Promise<void>>();
  /** Bytes that may still be spent. */
  #spare: number;

  constructor(context: SecondTriesContext<M>, parts: readonly Part[]) {
    this.#context = context;
    this.#spare = parts.reduce((sum, { size }) => sum + size, 0) * mostShare;
  }

  /** Move one of these parts once more, if that pays: that of the first try which has no second one, or one no faster. */
  begin(slow: readonly Attempt[], now: number): void {
    const { stragglers } = this.#context;
    const first = slow.find((attempt) => attempt.second === undefined || isNoFaster(attempt.second, attempt, now));
    if (first === undefined || first.part.size > this.#spare || !stragglers.pays(first, now)) return;
    this.#spare -= first.part.size;
    const second = first.chase(now);
    // When it fails, the first try is still there.
    const trying = this.#move(second).then(
      (land) => first.overtake(land),
      () => undefined,
    );
    this.#underWay.add(trying);
    void trying.finally(() => this.#underWay.delete(trying));
  }

  /** Wait until none is under way. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#underWay);
  }

  async #move(second: Attempt): Promise<() => void> {
    const { move, counter, stragglers, options } = this.#context;
    const { part, signal } = second;
    const giveBack = await options.budget?.take(part.size, { signal });
    const onProgress = (moved: number): void => {
      const fresh = second.advance(moved, options.clock.now());
      counter.moved(fresh);
      stragglers.moved(fresh);
    };
    try {
      return await orAborted(move(part, { signal, onProgress, fresh: true }), { signal });
    } finally {
      giveBack?.();
    }
  }
}

function isNoFaster(second: Attempt, first: Attempt, now: number): boolean {
  return now - second.began > fairMs && second.rate(now) < 2 * first.rate(now);
}
