/**
 * Second tries of parts that are slow, each on a new connection. Whichever try of a part is there first counts.
 *
 * @module
 */

import { orAborted } from "./abortable.ts";
import type { Attempt } from "./attempt.ts";
import type { PartsRunContext } from "./parts-run.ts";
import type { Moving } from "./progress-counter.ts";
import type { Part } from "./store.ts";
import type { Stragglers } from "./stragglers.ts";

/** They cost at most this share of what is to be moved. */
const mostShare = 1 / 2;

export interface SecondTriesContext<M extends Moving> extends Pick<PartsRunContext<M>, "work" | "options" | "counter"> {
  readonly stragglers: Stragglers;
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

  /** Move one of these parts once more, if that pays: that of the first try whose second one is not there or slow as well. */
  begin(slow: readonly Attempt[], now: number): void {
    const { stragglers } = this.#context;
    const first = slow.find(({ second }) => second === undefined || stragglers.isSlow(second, now));
    if (first === undefined || first.part.size > this.#spare) return;
    if (![first, first.second].every((attempt) => attempt === undefined || stragglers.pays(attempt, now))) return;
    this.#spare -= first.part.size;
    const second = first.chase(now);
    // When it fails, the first try is still there.
    const trying = this.#move(second).then(
      (land) => {
        stragglers.landed(second, this.#context.options.clock.now());
        first.overtake(land);
      },
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
    const { work, counter, stragglers, options } = this.#context;
    const { part, signal } = second;
    const giveBack = await options.budget?.take(part.size, { signal });
    const onProgress = (moved: number): void => {
      const fresh = second.advance(moved, options.clock.now());
      counter.moved(fresh);
      stragglers.moved(fresh);
    };
    try {
      return await orAborted(work.move(part, { signal, onProgress, fresh: true }), { signal });
    } finally {
      giveBack?.();
    }
  }
}
