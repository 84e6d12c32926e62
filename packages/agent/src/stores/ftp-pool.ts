import type { Abortable } from "@naru/core";
import { orAborted } from "@naru/core";
import { FtpConnection, type FtpTarget } from "./ftp-connection.ts";

/** Sessions with one server. A session does one thing at a time, so whoever does something has one to himself. */
export class FtpPool {
  readonly #target: FtpTarget;
  readonly #most: number;
  readonly #idle: FtpConnection[] = [];
  readonly #busy = new Set<FtpConnection>();
  readonly #queue: (() => void)[] = [];
  #held = 0;

  constructor(target: FtpTarget, most: number) {
    this.#target = target;
    this.#most = most;
  }

  /** Run `work` with a session of its own. */
  async use<T>(work: (session: FtpConnection) => Promise<T>, options: Abortable): Promise<T> {
    const session = await this.take(options);
    try {
      return await work(session);
    } finally {
      this.giveBack(session);
    }
  }

  /** Take a session; it must be given back. */
  async take(options: Abortable): Promise<FtpConnection> {
    options.signal?.throwIfAborted();
    await this.#place(options);
    try {
      const session = this.#living() ?? (await FtpConnection.open(this.#target, options));
      this.#busy.add(session);
      return session;
    } catch (error) {
      this.#free();
      throw error;
    }
  }

  giveBack(session: FtpConnection): void {
    if (!this.#busy.delete(session)) return;
    if (session.alive) this.#idle.push(session);
    this.#free();
  }

  close(): void {
    for (const session of [...this.#idle, ...this.#busy]) session.close();
    this.#idle.length = 0;
  }

  #living(): FtpConnection | undefined {
    for (;;) {
      const session = this.#idle.pop();
      if (session === undefined || session.alive) return session;
    }
  }

  async #place(options: Abortable): Promise<void> {
    if (this.#held < this.#most) {
      this.#held += 1;
      return;
    }
    let leave: () => void = () => undefined;
    const turn = new Promise<void>((resolve) => {
      leave = resolve;
      this.#queue.push(resolve);
    });
    try {
      await orAborted(turn, options);
    } catch (error) {
      const at = this.#queue.indexOf(leave);
      // Its turn came while it gave up: the next one has it.
      if (at < 0) this.#free();
      else this.#queue.splice(at, 1);
      throw error;
    }
  }

  #free(): void {
    const next = this.#queue.shift();
    if (next === undefined) this.#held -= 1;
    else next();
  }
}
