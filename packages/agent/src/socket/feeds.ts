/** Which page feeds which transfer now: the newest one that could prove that it has the file. */

import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Spool } from "../spool/spool.ts";

/** One page feeding one transfer. */
export interface Feed {
  readonly transfer: string;
  readonly spool: Spool;
  readonly origin: string;
  /** Proves to the data channel that it is the same page. */
  readonly key: string;
  /** Called when another page has taken its place. */
  readonly onReplaced: () => void;
}

/** All feeds, by transfer. */
export class Feeds {
  readonly #feeds = new Map<string, Feed>();

  /** Let a page feed; who fed before may not any more. */
  open(wanted: Omit<Feed, "key">): Feed {
    const feed = { ...wanted, key: randomBytes(24).toString("base64url") };
    const before = this.#feeds.get(feed.transfer);
    this.#feeds.set(feed.transfer, feed);
    before?.onReplaced();
    return feed;
  }

  /** The page is gone; half-fed segments are forgotten, unless another feeds already. */
  async close(feed: Feed): Promise<void> {
    if (this.#feeds.get(feed.transfer) !== feed) return;
    this.#feeds.delete(feed.transfer);
    await feed.spool.detach();
  }

  /** The feed that a key of a page is for. */
  find(transfer: string, origin: string, key: string): Feed | undefined {
    const feed = this.#feeds.get(transfer);
    if (feed === undefined || feed.origin !== origin || feed.key.length !== key.length) return undefined;
    return timingSafeEqual(Buffer.from(feed.key), Buffer.from(key)) ? feed : undefined;
  }
}
