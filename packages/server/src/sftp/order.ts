/**
 * In which order requests run: the outcome is as if each had been sent after the answer to the one before (draft section
 * 6.1), while what does not touch the other may run at once.
 *
 * @module
 */

/** Tasks that run one after another. */
export class Lane {
  #tail: Promise<unknown> = Promise.resolve();
  #busy = 0;

  get idle(): boolean {
    return this.#busy === 0;
  }

  run<T>(task: () => Promise<T>): Promise<T> {
    this.#busy++;
    const done = this.#tail.then(task).finally(() => {
      this.#busy--;
    });
    this.#tail = settled(done);
    return done;
  }
}

/** Tasks on names: those that look run together, those that change run alone. */
export class NameOrder {
  #changes: Promise<unknown> = Promise.resolve();
  #looks: Promise<unknown> = Promise.resolve();

  look<T>(task: () => Promise<T>): Promise<T> {
    const done = this.#changes.then(task);
    this.#looks = Promise.all([this.#looks, settled(done)]);
    return done;
  }

  change<T>(task: () => Promise<T>): Promise<T> {
    const done = Promise.all([this.#changes, this.#looks]).then(task);
    this.#changes = settled(done);
    this.#looks = Promise.resolve();
    return done;
  }

  /** Something else changes a name: what comes later on names waits for it. */
  follow(change: Promise<unknown>): void {
    this.#changes = Promise.all([this.#changes, settled(change)]);
  }
}

function settled(promise: Promise<unknown>): Promise<void> {
  return promise.then(
    () => undefined,
    () => undefined,
  );
}
