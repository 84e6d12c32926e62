/** Runs so many jobs at once. A job that is added waits for a free place, so that nobody finds work faster than it is done. */
export class JobPool {
  readonly #size: number;
  readonly #running = new Set<Promise<void>>();

  constructor(size: number) {
    this.#size = size;
  }

  /** Start a job once there is a place for it. A job says itself what went wrong; one that throws ends the pool. */
  async add(job: () => Promise<void>): Promise<void> {
    while (this.#running.size >= this.#size) await Promise.race(this.#running);
    const running = job();
    this.#running.add(running);
    const leave = (): void => void this.#running.delete(running);
    running.then(leave, () => undefined);
  }

  /** Wait for all that run. */
  async idle(): Promise<void> {
    await Promise.all(this.#running);
  }
}
