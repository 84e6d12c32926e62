/**
 * A queue for what there is not enough of: bytes in flight, connections.
 *
 * @module
 */

import type { Abortable } from "./abortable.ts";

/** What a queue hands out, in shares of any kind. */
export interface WaitQueueOptions<Share> {
  /** Whether there is enough for such a share now. */
  readonly fits: (share: Share) => boolean;
  /** Count a share that was taken (1) or given back (-1). */
  readonly count: (share: Share, by: 1 | -1) => void;
  /** Whether a share that fits passes those before it that do not. A large one may then wait for ever. */
  readonly mayPass: boolean;
}

/** Hands out shares; who waits is served in order, and may give up. */
export interface WaitQueue<Share> {
  /**
   * Take a share once it fits and it is its turn; call what is returned to give it back, which counts once.
   *
   * @throws the signal's reason when it aborts first
   */
  take(share: Share, options?: Abortable): Promise<() => void>;
  /** Serve who fits now. Only what changes by other means than a share given back has to call it. */
  serve(): void;
}

/** Make a queue, in which nobody waits. */
export function waitQueue<Share>({ fits, count, mayPass }: WaitQueueOptions<Share>): WaitQueue<Share> {
  /** What each waits for, and what serves it, in order. */
  const waiting = new Map<() => void, Share>();
  const serve = (): void => {
    for (const [grant, share] of waiting) {
      if (fits(share)) grant();
      else if (!mayPass) return;
    }
  };
  const taken = (share: Share): (() => void) => {
    let isHeld = true;
    count(share, 1);
    return () => {
      if (isHeld) count(share, -1);
      isHeld = false;
      serve();
    };
  };
  return {
    serve,
    take: async (share, { signal } = {}) => {
      signal?.throwIfAborted();
      return new Promise((resolve, reject) => {
        const leave = (): void => {
          waiting.delete(grant);
          signal?.removeEventListener("abort", stop);
        };
        const grant = (): void => {
          leave();
          resolve(taken(share));
        };
        const stop = (): void => {
          leave();
          reject(signal?.reason);
          serve();
        };
        signal?.addEventListener("abort", stop);
        waiting.set(grant, share);
        serve();
      });
    },
  };
}
