import { KeyLock } from "../uploads/key-lock.ts";

/**
 * One change at a time at each path, whichever door it comes by: files appear, move and go under it. Whoever looks under
 * the lock and then changes something there overwrites nobody's change. It does not nest for one path.
 */
export class PathLock {
  readonly #lock = new KeyLock();
  readonly #watchers = new Set<(path: string) => void>();

  /** Look at a path and change what is there while nobody else does. */
  alone<T>(path: string, work: () => Promise<T>): Promise<T> {
    return this.#lock.run(path, async () => {
      try {
        return await work();
      } finally {
        // Also after a failure: the answer may be lost and the change be done.
        for (const watcher of this.#watchers) watcher(path);
      }
    });
  }

  /** The same for two paths; always in the same order, so that no two callers wait for each other. */
  aloneAtBoth<T>(one: string, other: string, work: () => Promise<T>): Promise<T> {
    if (one === other) return this.alone(one, work);
    const [first, second] = one < other ? [one, other] : [other, one];
    return this.alone(first, () => this.alone(second, work));
  }

  /** Call `watcher` with every path that changes, until what is returned is disposed of. */
  watch(watcher: (path: string) => void): Disposable {
    this.#watchers.add(watcher);
    return { [Symbol.dispose]: () => void this.#watchers.delete(watcher) };
  }
}
