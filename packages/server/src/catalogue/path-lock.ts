import { type Locks, runUnderAll } from "../locks/locks.ts";

/**
 * One change at a time at each path, whichever door it comes by: files appear, move and go under it. Whoever looks under
 * the lock and then changes something there overwrites nobody's change. It does not nest for one path.
 */
export class PathLock {
  readonly #locks: Locks;
  readonly #watchers = new Set<(path: string) => void>();
  #settle: (paths: readonly string[]) => Promise<void> = async () => undefined;

  constructor(locks: Locks) {
    this.#locks = locks;
  }

  /** Look at a path and change what is there while nobody else does. */
  alone<T>(path: string, work: () => Promise<T>): Promise<T> {
    return this.#holding([path], work);
  }

  /** The same for two paths; always in the same order, so that no two callers wait for each other. */
  aloneAtBoth<T>(one: string, other: string, work: () => Promise<T>): Promise<T> {
    return this.#holding([one, other], work);
  }

  /** Have `settle` done under the lock before anything else is: what is not known of a path must not be built on. */
  settleFirst(settle: (paths: readonly string[]) => Promise<void>): void {
    this.#settle = settle;
  }

  /** Call `watcher` with every path that changes, until what is returned is disposed of. */
  watch(watcher: (path: string) => void): Disposable {
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }

  #holding<T>(paths: readonly string[], work: () => Promise<T>): Promise<T> {
    // The spellings of one name are one name.
    const keys = paths.map((path) => `path ${path.normalize("NFC")}`);
    return runUnderAll(this.#locks, keys, async () => {
      try {
        await this.#settle(paths);
        return await work();
      } finally {
        // Also after a failure: the answer may be lost and the change be done.
        for (const path of paths) for (const watcher of this.#watchers) watcher(path);
      }
    });
  }
}
