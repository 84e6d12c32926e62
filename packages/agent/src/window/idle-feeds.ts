import type { Feed, Feeds } from "../socket/feeds.ts";

/** So long may a window say nothing between two requests; one that lives asks at once. */
const idleMs = 10_000;

/** Feeds of a window, which has no connection of its own: one that sends nothing more has gone. */
export class IdleFeeds implements Disposable {
  readonly #feeds: Feeds;
  readonly #timers = new Map<Feed, NodeJS.Timeout>();

  constructor(feeds: Feeds) {
    this.#feeds = feeds;
  }

  /** A request has come. */
  busy(feed: Feed): void {
    clearTimeout(this.#timers.get(feed));
    this.#timers.delete(feed);
  }

  /** A request was answered; until the next one nothing tells whether the window is there. */
  idle(feed: Feed): void {
    this.busy(feed);
    const close = (): void => {
      this.#timers.delete(feed);
      // What cannot be forgotten now is forgotten when the transfer ends.
      void this.#feeds.close(feed).catch(() => undefined);
    };
    this.#timers.set(feed, setTimeout(close, idleMs).unref());
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }
}
