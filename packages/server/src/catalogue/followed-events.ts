import type { Abortable } from "@naru/core";
import type { FileEvent, FileEvents } from "./file-events.ts";

/** What a follower gets: events, or word that some were forgotten, or that nothing happened for a while. */
export type Followed =
  | { readonly at: "events"; readonly events: readonly FileEvent[]; readonly position: number }
  | { readonly at: "forgotten"; readonly position: number }
  | { readonly at: "idle"; readonly position: number };

export interface FollowOptions extends Abortable {
  /** Where the follower was; by default, only what happens from now on. */
  readonly position?: number | undefined;
  /** How often it is woken though nothing happens. */
  readonly idleMs: number;
}

const pageSize = 500;
/** Many events at once become one page. */
const gatherMs = 30;

/**
 * Follow what happens to files, each event once and in order, read at the follower's pace: one that is slow holds nothing in
 * memory. The first answer is `idle`, with the position at which it begins. Ends when the signal aborts.
 */
export async function* followEvents(events: FileEvents, options: FollowOptions): AsyncGenerator<Followed> {
  const { idleMs, signal } = options;
  const wakening = new Wakening(signal);
  // Before the first look, so that nothing happens between the two.
  const stop = events.on(() => wakening.wake());
  try {
    let position = options.position ?? (await events.latest());
    yield { at: "idle", position };
    while (signal?.aborted !== true) {
      wakening.reset();
      const page = await events.since(position, { limit: pageSize });
      const last = page.at(-1);
      if (await events.isForgotten(position)) {
        position = await events.latest();
        yield { at: "forgotten", position };
      } else if (last) {
        position = last.position;
        yield { at: "events", events: page, position };
      } else if (await wakening.wait(idleMs)) await wakening.pause(gatherMs);
      else yield { at: "idle", position };
    }
  } finally {
    stop();
    wakening.close();
  }
}

/** Waits for an event, the end, or a time. */
class Wakening {
  #isAwake = false;
  #resume: (() => void) | undefined;
  readonly #signal: AbortSignal | undefined;
  readonly #onAbort = (): void => this.wake();

  constructor(signal: AbortSignal | undefined) {
    this.#signal = signal;
    signal?.addEventListener("abort", this.#onAbort);
  }

  wake(): void {
    this.#isAwake = true;
    this.#resume?.();
  }

  reset(): void {
    this.#isAwake = false;
  }

  /** Whether it was woken, and not by the time. */
  async wait(ms: number): Promise<boolean> {
    if (!this.#isAwake && this.#signal?.aborted !== true) await this.#sleep(ms);
    return this.#isAwake;
  }

  async pause(ms: number): Promise<void> {
    if (this.#signal?.aborted !== true) await new Promise<void>((resolve) => setTimeout(resolve, ms));
  }

  close(): void {
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  #sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(done, ms);
      timer.unref();
      this.#resume = done;
      function done(): void {
        clearTimeout(timer);
        resolve();
      }
    });
  }
}
