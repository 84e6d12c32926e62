import { setImmediate, setTimeout } from "node:timers/promises";
import type { Database } from "./database.ts";

interface Job {
  /** Do it in a transaction, or do it again in another. */
  readonly attempt: (tx: Database) => Promise<void>;
  readonly done: () => void;
  readonly failed: (error: unknown) => void;
}

/** While many come, so long they wait for each other: a transaction costs more than what one of them writes. */
const gatherMs = 1;
const mostJobs = 100;

/** Runs what is to be written at about the same time in one transaction, in the order of asking. */
export class SharedTransactions {
  readonly #db: Database;
  #waiting: Job[] = [];
  #isRunning = false;
  #areMany = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Resolves once it is committed. `work` may run twice, if others of the same transaction failed; it must do nothing else. */
  run<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      let settle = (): void => reject(new Error("Cannot commit: it did not run"));
      const attempt = async (tx: Database): Promise<void> => {
        const result = await work(tx);
        settle = () => resolve(result);
      };
      this.#waiting.push({ attempt, done: () => settle(), failed: reject });
      // Never rejects: a failure goes to whoever asked.
      if (!this.#isRunning) void this.#drain();
    });
  }

  async #drain(): Promise<void> {
    this.#isRunning = true;
    while (this.#waiting.length > 0) {
      await (this.#areMany ? setTimeout(gatherMs) : setImmediate());
      const jobs = this.#waiting.splice(0, mostJobs);
      this.#areMany = jobs.length > 1;
      await this.#together(jobs);
    }
    this.#isRunning = false;
  }

  async #together(jobs: readonly Job[]): Promise<void> {
    try {
      await this.#db.transaction().execute(async (tx) => {
        for (const job of jobs) await job.attempt(tx);
      });
      for (const job of jobs) job.done();
    } catch (error) {
      // Nothing is written now. One that fails must not take the others with it.
      const [only, ...others] = jobs;
      if (only && others.length === 0) only.failed(error);
      else for (const job of jobs) await this.#together([job]);
    }
  }
}
