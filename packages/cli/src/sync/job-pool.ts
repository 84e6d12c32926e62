/** Runs so many jobs at once. A job that is added waits for a free place, so that nobody finds work faster than it is done. */
export class JobPool {
  readonly #size: number;
  #running = 0;
  #failure: { readonly reason: unknown } | undefined;
  /** Who waits for a job to end. */
  #waiting: (() => void)[] = [];

  constructor(size: number) {
    this.#size = size;
  }

  /** Start a job once there is a place for it. A job says itself what went wrong; one that throws ends the pool. */
  async add(job: () => Promise<void>): Promise<void> {
    while (this.#running >= this.#size && this.#failure === undefined) await this.#oneEnds();
    if (this.#failure !== undefined) throw this.#failure.reason;
    this.#running += 1;
    job().then(
      () => this.#end(),
      (reason: unknown) => {
        this.#failure ??= { reason };
        this.#end();
      },
    );
  }

  /** Wait for all that run. */
  async idle(): Promise<void> {
    while (this.#running > 0 && this.#failure === undefined) await this.#oneEnds();
    if (this.#failure !== undefined) throw this.#failure.reason;
  }

  #oneEnds(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #end(): void {
    this.#running -= 1;
    for (const called of this.#waiting.splice(0)) called();
  }
}
