/**
 * The connections of a tab, and who has them: downloads and uploads those to the store, uploads also some through the
 * server while that pays.
 */

import { type Abortable, type Budget, bytesBudget, type Clock, MiB } from "@naru/core";
import type { SecondWay } from "../direct-store.ts";
import { SecondRoute } from "./second-route.ts";

const maxBytes = 256 * MiB;

interface Waiter {
  readonly isUpload: boolean;
  grant(): void;
}

export interface UploadPlacesOptions {
  readonly clock: Pick<Clock, "now">;
  /** Parts that go straight to the store at once. */
  readonly straight: number;
  /** Parts that may go through the server beside them, at this time. */
  readonly through: () => number;
}

/** Gives places to parts, first come first served, and 256 MiB among them. */
export class UploadPlaces implements SecondWay {
  /** For what is no part of a file that goes straight to the store. */
  readonly others: Budget = { take: (bytes, options) => this.#take(bytes, false, options) };
  /** For parts that may go either way. */
  readonly uploads: Budget = { take: (bytes, options) => this.#take(bytes, true, options) };
  readonly #options: UploadPlacesOptions;
  readonly #bytes = bytesBudget(maxBytes);
  readonly #route: SecondRoute;
  #waiters: Waiter[] = [];
  #others = 0;
  #uploads = 0;
  #through = 0;

  constructor(options: UploadPlacesOptions) {
    this.#options = options;
    this.#route = new SecondRoute(options.clock, () => this.#serve());
  }

  /** Count bytes that uploads sent. */
  sent(bytes: number): void {
    const straight = this.#uploads - this.#through;
    // What downloads receive is not counted, so that with them the rate says nothing.
    const isFull = this.#others === 0 && straight >= this.#options.straight;
    this.#route.moved(bytes, { straight, isFull, through: this.#through });
  }

  enter(): ((failed: boolean) => void) | undefined {
    const isFull = this.#uploads - this.#through > this.#options.straight;
    if (!isFull || this.#through >= this.#room) return undefined;
    this.#through += 1;
    return (failed) => {
      this.#through -= 1;
      if (failed) this.#route.failed();
    };
  }

  /** Parts that may go through the server. */
  get #room(): number {
    return this.#route.isOpen && this.#others === 0 ? Math.max(0, this.#options.through()) : 0;
  }

  async #take(size: number, isUpload: boolean, options: Abortable = {}): Promise<() => void> {
    const leave = await this.#place(isUpload, options);
    try {
      const freeBytes = await this.#bytes.take(size, options);
      return () => {
        freeBytes();
        leave();
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  async #place(isUpload: boolean, { signal }: Abortable): Promise<() => void> {
    signal?.throwIfAborted();
    return new Promise((resolve, reject) => {
      const stop = (): void => {
        this.#waiters = this.#waiters.filter((other) => other !== waiter);
        reject(signal?.reason);
        this.#serve();
      };
      const waiter: Waiter = {
        isUpload,
        grant: () => {
          signal?.removeEventListener("abort", stop);
          resolve(this.#grant(isUpload));
        },
      };
      signal?.addEventListener("abort", stop, { once: true });
      this.#waiters.push(waiter);
      this.#serve();
    });
  }

  #grant(isUpload: boolean): () => void {
    let held = 1;
    const count = (by: number): void => {
      if (isUpload) this.#uploads += by;
      else this.#others += by;
    };
    count(held);
    return () => {
      count(-held);
      held = 0;
      this.#serve();
    };
  }

  #serve(): void {
    for (;;) {
      const next = this.#waiters.find(({ isUpload }) => this.#fits(isUpload));
      if (next === undefined) return;
      this.#waiters = this.#waiters.filter((other) => other !== next);
      next.grant();
    }
  }

  /** Uploads may have more places than there are to the store; nobody else waits longer for that. */
  #fits(isUpload: boolean): boolean {
    const { straight } = this.#options;
    const extra = Math.max(this.#through, isUpload ? this.#room : 0);
    return this.#others + this.#uploads < straight + extra;
  }
}
