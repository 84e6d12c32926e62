import type { Abortable } from "@naru/core";

/** A key that is held. */
export interface Held {
  /**
   * Aborts once somebody else waits for the key. Long work should then end soon, and in order: the next holder resumes
   * where this one stopped. Short work need not look.
   */
  readonly wanted: AbortSignal;
}

/**
 * One holder at a time for each key, over all processes that serve from one database. What is done under a key must be
 * safe to repeat: the key of a process that ended is free again, whatever it was doing.
 *
 * Keys name what they are of, as `path a/b.bin`: all rooms of the server share one `Locks`. Locks of one key do not nest.
 */
export interface Locks {
  /**
   * Run `work` while nobody else does under `key`; in the order of asking. What `work` throws is thrown.
   *
   * @throws what `options.signal` is aborted with while it waits; `work` does not run then
   */
  run<T>(key: string, work: (held: Held) => Promise<T>, options?: Abortable): Promise<T>;
}

/** Run `work` under several keys; taken in one order by all, so that no two callers wait for each other. */
export function runUnderAll<T>(
  locks: Locks,
  keys: readonly string[],
  work: () => Promise<T>,
  options: Abortable = {},
): Promise<T> {
  const [first, ...others] = [...new Set(keys)].sort();
  if (first === undefined) return work();
  return locks.run(first, () => runUnderAll(locks, others, work, options), options);
}
